import outline from '@/assets/zibo-districts-schematic.geojson?raw'
import { project } from './geometry'

/** The city as a picture `width` px wide. */
export function schematic(width: number): ReturnType<typeof project> {
  return project(JSON.parse(outline) as Parameters<typeof project>[0], width)
}
