import { toValue, type MaybeRefOrGetter } from 'vue'
import { listAlarms, type AlarmQuery } from '@/api/alarms'
import type { Alarm } from '@/api/types'
import { usePages } from './useAnswer'

/** Graver first, then newer. */
export function gravestFirst(alarms: readonly Alarm[]): Alarm[] {
  return [...alarms].sort((a, b) => b.riskLevel - a.riskLevel || b.raisedAt.localeCompare(a.raisedAt))
}

/** A list of alarms, kept fresh by the live stream. */
export function useAlarms(query: MaybeRefOrGetter<AlarmQuery>, enabled: MaybeRefOrGetter<boolean> = true) {
  return usePages(
    () => ['alarms', 'list', toValue(query)],
    (after, signal) => listAlarms(toValue(query), after, signal),
    { every: 30_000, enabled },
  )
}
