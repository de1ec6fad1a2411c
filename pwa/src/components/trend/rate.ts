import type { TrendColumns } from './columns'

/** Fewer samples say nothing about a direction. */
const LEAST_SAMPLES = 3

/**
 * How fast the signal moves over its last `windowS` seconds: the least-squares slope in units per minute.
 * Null with fewer than three samples, or when they span less than a third of the window.
 */
export function ratePerMinute(columns: TrendColumns, windowS = 600): number | null {
  const end = columns.t.at(-1)
  if (end === undefined) return null
  const points = columns.t.flatMap((t, i) => {
    const [min, max] = [columns.min[i], columns.max[i]]
    return t >= end - windowS && min != null && max != null ? [{ x: (t - end) / 60, y: (min + max) / 2 }] : []
  })
  const first = points[0]
  if (points.length < LEAST_SAMPLES || !first || -first.x * 60 < windowS / 3) return null
  const meanX = points.reduce((sum, p) => sum + p.x, 0) / points.length
  const meanY = points.reduce((sum, p) => sum + p.y, 0) / points.length
  const spread = points.reduce((sum, p) => sum + (p.x - meanX) ** 2, 0)
  return spread > 0 ? points.reduce((sum, p) => sum + (p.x - meanX) * (p.y - meanY), 0) / spread : null
}

/** Seconds until the value reaches the target at this rate; null when it moves away or hardly at all. */
export function secondsTo(target: number, value: number, perMinute: number | null, leastPerMinute: number): number | null {
  if (perMinute == null || Math.abs(perMinute) < leastPerMinute) return null
  const minutes = (target - value) / perMinute
  return minutes > 0 ? minutes * 60 : null
}
