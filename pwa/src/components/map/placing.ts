import type { District } from './geometry'

export interface Place {
  x: number
  y: number
}

/** Where marks may stand around the name of a district: half its width and height, px. */
const LABEL = { across: 18, up: 8, down: 8 }
/** The widest and the narrowest distance of marks, px; closer than that they are a texture. */
const WIDEST = 17
const NARROWEST = 6

/**
 * Places for `count` marks inside a district, nearest to its name first, as far apart as there is room for.
 *
 * They are places in a grid, not coordinates: the drawing is schematic, and a true coordinate can fall into the
 * neighbour. Where even the narrowest grid is full, fewer places come back than were asked for.
 */
export function places(district: District, count: number): { at: Place[]; step: number } {
  if (!count) return { at: [], step: WIDEST }
  let at: Place[] = []
  for (let step = WIDEST; step >= NARROWEST; step -= 1) {
    at = grid(district, step)
    if (at.length >= count) return { at: at.slice(0, count), step }
  }
  return { at, step: NARROWEST }
}

function grid(district: District, step: number): Place[] {
  const { ring, x: cx, y: cy } = district
  const xs = ring.map(([x]) => x)
  const ys = ring.map(([, y]) => y)
  const found: (Place & { far: number })[] = []
  const from = (middle: number, edge: number) => middle - Math.ceil((middle - edge) / step) * step
  for (let y = from(cy, Math.min(...ys)); y <= Math.max(...ys); y += step) {
    for (let x = from(cx, Math.min(...xs)); x <= Math.max(...xs); x += step) {
      const onLabel = Math.abs(x - cx) < LABEL.across + step / 2 && y > cy - LABEL.up - step / 2 && y < cy + LABEL.down + step / 2
      if (onLabel || !whole(ring, x, y, step / 2)) continue
      found.push({ x, y, far: (x - cx) ** 2 + (y - cy) ** 2 })
    }
  }
  return found.sort((a, b) => a.far - b.far).map(({ x, y }) => ({ x, y }))
}

/** Whether a mark with that half width stands inside with all four corners. */
function whole(ring: District['ring'], x: number, y: number, half: number): boolean {
  return [-half, half].every((dx) => [-half, half].every((dy) => inside(ring, x + dx, y + dy)))
}

function inside(ring: District['ring'], x: number, y: number): boolean {
  let within = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!
    const [xj, yj] = ring[j]!
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within
  }
  return within
}
