import { formatLimit } from '@/format/numbers'

/** The limits of a point; null or absent where there is none. Gas: h is level 1, hh level 2. */
export interface Limits {
  ll?: number | null
  l?: number | null
  h?: number | null
  hh?: number | null
}

export type LimitKey = 'll' | 'l' | 'h' | 'hh'

export interface Band {
  from: number
  to: number
  /** Beyond LL or HH. */
  dense: boolean
}

export interface Tick {
  key: LimitKey
  value: number
  label: string
}

const ORDER: LimitKey[] = ['ll', 'l', 'h', 'hh']
/** Part of the span left free beyond the outermost limit when the instrument's range is not known. */
const MARGIN_RATIO = 0.15

export function ticksOf(limits: Limits): Tick[] {
  return ORDER.flatMap((key) => {
    const value = limits[key]
    return value == null ? [] : [{ key, value, label: `${key.toUpperCase()} ${formatLimit(value)}` }]
  })
}

/** The stretches of [lo, hi] that lie beyond a limit, lowest first; none where lo >= hi. */
export function bandsOf(limits: Limits, lo: number, hi: number): Band[] {
  const clip = (x: number) => Math.min(hi, Math.max(lo, x))
  const { ll, l, h, hh } = limits
  const bands: Band[] = []
  const push = (from: number, to: number, dense: boolean) => {
    if (clip(to) > clip(from)) bands.push({ from: clip(from), to: clip(to), dense })
  }
  if (ll != null) push(lo, ll, true)
  if (l != null) push(ll ?? lo, l, false)
  if (h != null) push(h, hh ?? hi, false)
  if (hh != null) push(hh, hi, true)
  return bands
}

/** What the bar shows: the instrument's range, else a span that holds the limits and the value. */
export function spanOf(limits: Limits, value: number | null, lo: number | null, hi: number | null): [number, number] {
  const known = [...ticksOf(limits).map((tick) => tick.value), ...(value == null ? [] : [value])]
  const least = Math.min(0, ...known)
  const most = Math.max(...known, least + 1)
  const margin = (most - least) * MARGIN_RATIO
  const from = lo ?? (least < 0 ? least - margin : 0)
  const to = hi ?? most + margin
  return to > from ? [from, to] : [from, from + 1]
}

/** Places on a line of `length` px, kept inside it; a value beyond the range sits at its end. */
export function scaleOf(lo: number, hi: number, length: number, inset = 1): (value: number) => number {
  const usable = length - 2 * inset
  return (value) => inset + (Math.min(1, Math.max(0, (value - lo) / (hi - lo))) * usable)
}

/**
 * Pushes centres apart until neighbours are `gap` away and all lie in [from, to]; order is kept.
 * When there is no room for all, they are spread evenly.
 */
export function spread(centres: number[], gap: number, from: number, to: number): number[] {
  const room = to - from
  if (centres.length > 1 && room < gap * (centres.length - 1)) {
    return centres.map((_, index) => from + (room * index) / (centres.length - 1))
  }
  const placed = [...centres]
  for (let i = 0; i < placed.length; i += 1) {
    placed[i] = Math.max(placed[i]!, i ? placed[i - 1]! + gap : from)
  }
  for (let i = placed.length - 1; i >= 0; i -= 1) {
    placed[i] = Math.min(placed[i]!, i < placed.length - 1 ? placed[i + 1]! - gap : to)
  }
  return placed
}

/** Px that a label of the charts takes; Chinese characters are twice as wide as figures. */
export function labelWidth(text: string, size = 12): number {
  return [...text].reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e80 ? size : size * 0.58), 0)
}

/** Left edges for labels near their ticks on a line of `length` px: no two overlap, none leaves the line. */
export function placeLabels(ticks: { x: number; label: string }[], length: number, gap = 8): number[] {
  const widths = ticks.map((tick) => labelWidth(tick.label))
  const lefts = ticks.map((tick, i) => tick.x - widths[i]! / 2)
  for (let i = 0; i < lefts.length; i += 1) {
    lefts[i] = Math.max(lefts[i]!, i ? lefts[i - 1]! + widths[i - 1]! + gap : 0)
  }
  for (let i = lefts.length - 1; i >= 0; i -= 1) {
    const right = i < lefts.length - 1 ? lefts[i + 1]! - gap : length
    lefts[i] = Math.min(lefts[i]!, right - widths[i]!)
  }
  return lefts
}
