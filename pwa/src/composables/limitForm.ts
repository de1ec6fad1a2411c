import type { LineDraft, PointKind, PointNow } from '@/api/types'
import type { LimitKey, Limits } from '@/components/limits/scale'

export const LIMIT_KEYS: LimitKey[] = ['ll', 'l', 'h', 'hh']

/** Which limits a kind of point carries: gas has level 1 and 2 as H and HH, oxygen L and H. */
export function carried(kind: PointKind): LimitKey[] {
  if (kind === 'comb_gas' || kind === 'toxic_gas') return ['h', 'hh']
  return kind === 'oxygen' ? ['l', 'h'] : LIMIT_KEYS
}

export type LimitText = Record<LimitKey, string>

/** A limit as typed: null for blank, NaN for what is no number. A real minus and a comma are understood. */
export function parseLimit(text: string): number | null {
  const plain = text.trim().replace('−', '-').replace(/[,，]/, '.')
  return plain === '' ? null : Number(plain)
}

export function textOf(limits: Limits | null): LimitText {
  const text = (key: LimitKey) => (limits?.[key] == null ? '' : String(Number(limits[key].toFixed(4))))
  return { ll: text('ll'), l: text('l'), h: text('h'), hh: text('hh') }
}

export type LimitFault = { key: LimitKey; why: 'number' | 'order' | 'range' }

/** What is wrong with limits as typed: LL < L < H < HH, within the instrument's range. The server decides in the end. */
export function faultOf(text: LimitText, point: Pick<PointNow, 'kind' | 'rangeLo' | 'rangeHi'>): LimitFault | null {
  let last = -Infinity
  for (const key of carried(point.kind)) {
    const value = parseLimit(text[key])
    if (value == null) continue
    if (!Number.isFinite(value)) return { key, why: 'number' }
    if (value <= last) return { key, why: 'order' }
    if ((point.rangeLo != null && value < point.rangeLo) || (point.rangeHi != null && value > point.rangeHi)) return { key, why: 'range' }
    last = value
  }
  return null
}

export function lineOf(point: PointNow, text: LimitText): LineDraft {
  const value = (key: LimitKey) => (carried(point.kind).includes(key) ? parseLimit(text[key]) : null)
  return { pointId: point.id, replaces: point.limits?.version ?? 0, ll: value('ll'), l: value('l'), h: value('h'), hh: value('hh') }
}

export function changed(point: PointNow, text: LimitText): boolean {
  return carried(point.kind).some((key) => parseLimit(text[key]) !== (point.limits?.[key] ?? null))
}
