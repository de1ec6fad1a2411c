import type { TrendColumns } from './columns'

/** Fewer samples say nothing about a direction. */
const LEAST_SAMPLES = 3

interface Sample {
  /** Minutes before the newest one. */
  x: number
  y: number
}

/** The least-squares slope; null with fewer than three samples. */
function slope(points: Sample[]): number | null {
  if (points.length < LEAST_SAMPLES) return null
  const meanX = points.reduce((sum, p) => sum + p.x, 0) / points.length
  const meanY = points.reduce((sum, p) => sum + p.y, 0) / points.length
  const spread = points.reduce((sum, p) => sum + (p.x - meanX) ** 2, 0)
  return spread > 0 ? points.reduce((sum, p) => sum + (p.x - meanX) * (p.y - meanY), 0) / spread : null
}

/**
 * How fast the signal moves, in units per minute: the slopes of the older and the newer half of its last `windowS`
 * seconds. Where they agree in sign the smaller one counts, else it does not move: one step must not look like a trend.
 * Null while either half has fewer than three samples. Source: feature F4 of the risk models.
 */
export function ratePerMinute(columns: TrendColumns, windowS = 600): number | null {
  const end = columns.t.at(-1)
  if (end === undefined) return null
  const points: Sample[] = columns.t.flatMap((t, i) => {
    const [min, max] = [columns.min[i], columns.max[i]]
    return t >= end - windowS && min != null && max != null ? [{ x: (t - end) / 60, y: (min + max) / 2 }] : []
  })
  const middle = -windowS / 120
  const [older, newer] = [slope(points.filter((p) => p.x < middle)), slope(points.filter((p) => p.x >= middle))]
  if (older == null || newer == null) return null
  if (Math.sign(older) !== Math.sign(newer)) return 0
  return Math.abs(older) < Math.abs(newer) ? older : newer
}

/** Seconds until the value reaches the target at this rate; null when it moves away or hardly at all. */
export function secondsTo(target: number, value: number, perMinute: number | null, leastPerMinute: number): number | null {
  if (perMinute == null || Math.abs(perMinute) < leastPerMinute) return null
  const minutes = (target - value) / perMinute
  return minutes > 0 ? minutes * 60 : null
}
