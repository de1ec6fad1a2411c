import type { PointCondition, PointNow, StateCounts } from '@/api/types'
import { dayAndTime, span } from '@/format/times'
import { t } from '@/i18n'

/** Troubles first; what is live is quiet. With the name of its count. */
export const CONDITIONS: readonly [PointCondition, keyof StateCounts][] = [
  ['stale', 'stale'], ['bad', 'bad'], ['frozen', 'frozen'], ['out_of_range', 'outOfRange'], ['never_seen', 'neverSeen'], ['out_of_service', 'outOfService'], ['filed', 'filed'], ['live', 'live'],
]

export interface ConditionCount {
  state: PointCondition
  n: number
}

/** How many points are in each state, in the order of the filter. */
export function conditionCounts(counts: StateCounts): ConditionCount[] {
  return CONDITIONS.map(([state, key]) => ({ state, n: counts[key] ?? 0 }))
}

/** Those a filter offers: what there is, and the chosen one also when it has just emptied. */
export function offeredConditions(counts: StateCounts, chosen: PointCondition | null): ConditionCount[] {
  return conditionCounts(counts).filter((each) => each.n > 0 || each.state === chosen)
}

/** What the tile of a place without a believable value says: why, if all its points agree, else that data are missing. */
export function darkText(points: readonly Pick<PointNow, 'condition'>[]): string {
  const [first, ...others] = new Set(points.map((point) => point.condition))
  return first && !others.length ? t(`condition.tile.${first}`) : t('point.dark')
}

/** `冻结 · 自 11月21日 09:00（3 天）`: the state in words and since when, where that is known. */
export function conditionText(point: Pick<PointNow, 'condition' | 'since' | 'filedUntil'>, now: number): string {
  const word = t(point.condition === 'filed' ? 'condition.filedOffline' : `condition.${point.condition}`)
  if (point.condition === 'live' || !point.since) return word
  if (point.condition === 'filed' && point.filedUntil) return t('condition.filedHours', { word, from: dayAndTime(point.since, now), to: dayAndTime(point.filedUntil, now) })
  return t('condition.since', { word, time: dayAndTime(point.since, now), span: span(Math.max(0, (now - Date.parse(point.since)) / 1000)) })
}
