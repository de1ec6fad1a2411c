import { ticksOf, type Limits } from '@/components/limits/scale'

type Reading = number | null

/** A stretch of one signal. Times are seconds since epoch, ascending; min and max are the bucket's extremes. */
export interface TrendColumns {
  t: number[]
  min: Reading[]
  max: Reading[]
  mean?: Reading[]
  /** Which share of what was measured in each bucket was of good quality, 0 to 1. */
  good?: number[]
  /** Stretches without data, [from, to] in seconds. */
  gaps: [number, number][]
}

export interface Crossing {
  side: 'high' | 'low'
  /** The limit that was crossed. */
  limit: number
}

/** Part of the data's own span that is left free above and below it. */
const PADDING_RATIO = 0.2
/** Never magnify beyond this part of the instrument's range: noise must look like noise. */
const LEAST_RATIO = 0.04
/** A limit further away than this part of the range is not worth the room. */
const NEAR_RATIO = 0.25

const numbers = (columns: TrendColumns): number[] => [...columns.min, ...columns.max].filter((v) => v != null)

/** A gap narrower than this part of the picture is thinner than the line, and there may be hundreds of them. */
const THINNEST_RATIO = 0.006
/** Never called missing, whatever the picture shows, s. */
const SHORTEST_GAP_S = 20

/** The gaps that can be seen in a picture of `span` seconds; the line is drawn through the others. */
export function visibleGaps(gaps: [number, number][], span: number): [number, number][] {
  const least = Math.max(SHORTEST_GAP_S, span * THINNEST_RATIO)
  return gaps.filter(([from, to]) => to - from >= least)
}

/** The columns with an empty sample inside each gap, so that no line is drawn across it. */
export function withBreaks({ t, min, max, gaps }: TrendColumns): [number[], Reading[], Reading[]] {
  const out: [number[], Reading[], Reading[]] = [[], [], []]
  let gap = 0
  t.forEach((time, i) => {
    while (gap < gaps.length && gaps[gap]![1] <= time) {
      const [from, to] = gaps[gap]!
      const middle = (from + to) / 2
      const last = out[0].at(-1)
      if (last !== undefined && last < middle && middle < time) {
        out[0].push(middle)
        out[1].push(null)
        out[2].push(null)
      }
      gap += 1
    }
    out[0].push(time)
    out[1].push(min[i] ?? null)
    out[2].push(max[i] ?? null)
  })
  return out
}

/** The stretches in which not everything was of good quality, [from, to] in seconds, each up to the next sample. */
export function doubtful({ t, good = [] }: Pick<TrendColumns, 't' | 'good'>): [number, number][] {
  const out: [number, number][] = []
  good.forEach((share, i) => {
    if (share >= 1) return
    const [from, to] = [t[i]!, t[i + 1] ?? t[i]!]
    const last = out.at(-1)
    if (last && last[1] === from) last[1] = to
    else out.push([from, to])
  })
  return out
}

/** The part of the scale to show: the data with some air, and the limits that are near enough to matter. */
export function valueWindow(columns: TrendColumns, limits: Limits, lo: number | null, hi: number | null): [number, number] {
  const values = numbers(columns)
  if (!values.length) return [lo ?? 0, hi ?? (lo ?? 0) + 1]
  let low = Math.min(...values)
  let high = Math.max(...values)
  const range = lo != null && hi != null && hi > lo ? hi - lo : Math.max(high - low, Math.abs(high), 1)
  const air = Math.max((high - low) * PADDING_RATIO, range * LEAST_RATIO)
  const reach = Math.max(range * NEAR_RATIO, high - low)
  const wanted = ticksOf(limits).map((tick) => tick.value).filter((v) => v < high + reach && v > low - reach)
  low = Math.min(low - air, ...wanted.map((v) => v - air / 2))
  high = Math.max(high + air, ...wanted.map((v) => v + air / 2))
  return [lo == null ? low : Math.max(low, lo - range * 0.05), hi == null ? high : Math.min(high, hi + range * 0.05)]
}

/** The pieces of the line that lie beyond the limit, as [time, value] points, cut exactly at the limit. */
export function beyond(columns: TrendColumns, { side, limit }: Crossing): [number, number][][] {
  const [t, min, max] = withBreaks(columns)
  const line = side === 'high' ? max : min
  const outside = (v: number) => (side === 'high' ? v >= limit : v <= limit)
  const pieces: [number, number][][] = []
  let piece: [number, number][] = []
  const close = () => {
    if (piece.length > 1) pieces.push(piece)
    piece = []
  }
  line.forEach((value, i) => {
    const before = i ? (line[i - 1] ?? null) : null
    if (value == null) return close()
    if (before != null && outside(before) !== outside(value)) {
      const share = (limit - before) / (value - before)
      piece.push([t[i - 1]! + share * (t[i]! - t[i - 1]!), limit])
      if (!outside(value)) return close()
    }
    if (outside(value)) piece.push([t[i]!, value])
  })
  close()
  return pieces
}

/** The newest sample that has a value: [time, value]. */
export function lastPoint(columns: TrendColumns): [number, number] | null {
  for (let i = columns.t.length - 1; i >= 0; i -= 1) {
    const value = columns.max[i]
    if (value != null) return [columns.t[i]!, value]
  }
  return null
}

/** At most `rows` samples, newest first, each standing for its stretch: the table beside the picture. */
export function tableRows(columns: TrendColumns, rows = 60): { t: number; min: Reading; max: Reading; mean: Reading; good: number | null }[] {
  const step = Math.max(1, Math.ceil(columns.t.length / rows))
  const out: ReturnType<typeof tableRows> = []
  for (let end = columns.t.length; end > 0; end -= step) {
    const start = Math.max(0, end - step)
    const lows = columns.min.slice(start, end).filter((v) => v != null)
    const highs = columns.max.slice(start, end).filter((v) => v != null)
    out.push({
      t: columns.t[end - 1]!,
      min: lows.length ? Math.min(...lows) : null,
      max: highs.length ? Math.max(...highs) : null,
      mean: average(columns.mean?.slice(start, end)),
      good: average(columns.good?.slice(start, end)),
    })
  }
  return out
}

function average(values: Reading[] = []): number | null {
  const known = values.filter((v) => v != null)
  return known.length ? known.reduce((sum, v) => sum + v, 0) / known.length : null
}
