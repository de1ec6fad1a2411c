import type { FeatureCollection, Polygon } from 'geojson'

export interface District {
  adcode: string
  name: string
  nameEn: string
  /** Outline as an SVG path. */
  path: string
  /** The same outline as points. */
  ring: [number, number][]
  x: number
  y: number
}

interface Properties {
  adcode: number
  name: string
  name_en: string
  label: [number, number]
}

const PADDING_PX = 4

/**
 * The districts as SVG paths for a picture `width` px wide; north is up. A degree of longitude is shorter than one
 * of latitude by the cosine of the middle latitude, which is all the projection a schematic needs.
 */
export function project(map: FeatureCollection<Polygon, Properties>, width: number): { districts: District[]; height: number } {
  const points = map.features.flatMap((f) => f.geometry.coordinates.flat()) as [number, number][]
  const lons = points.map(([lon]) => lon)
  const lats = points.map(([, lat]) => lat)
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)]
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const perDegree = (width - 2 * PADDING_PX) / ((east - west) * squeeze)
  const x = (lon: number) => PADDING_PX + (lon - west) * squeeze * perDegree
  const y = (lat: number) => PADDING_PX + (north - lat) * perDegree
  const districts = map.features.map((feature) => ({
    adcode: String(feature.properties.adcode),
    name: feature.properties.name,
    nameEn: feature.properties.name_en,
    path: feature.geometry.coordinates
      .map((ring) => `M${ring.map(([lon, lat]) => `${x(lon!).toFixed(1)} ${y(lat!).toFixed(1)}`).join('L')}Z`)
      .join(''),
    ring: feature.geometry.coordinates[0]!.map(([lon, lat]): [number, number] => [x(lon!), y(lat!)]),
    x: x(feature.properties.label[0]),
    y: y(feature.properties.label[1]),
  }))
  return { districts, height: Math.round((north - south) * perDegree + 2 * PADDING_PX) }
}
