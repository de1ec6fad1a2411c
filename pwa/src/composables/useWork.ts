import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { listWork, type WorkFilter } from '@/api/work'
import type { WorkReport, WorkState } from '@/api/types'
import { usePages } from './useAnswer'

/** Running first, then what is still to come, then what is over. */
const ORDER: WorkState[] = ['running', 'planned', 'ended', 'cancelled']
/** States move with the clock, so the list asks again, ms. */
const EVERY_MS = 60_000

export interface WorkGroup {
  state: WorkState
  reports: WorkReport[]
}

/** Reports gathered by state, running first; empty groups are left out. */
export function byState(reports: readonly WorkReport[]): WorkGroup[] {
  return ORDER.map((state) => ({ state, reports: reports.filter((report) => report.state === state) })).filter((group) => group.reports.length)
}

/** The work of one plant day. */
export function useWork(filter: MaybeRefOrGetter<WorkFilter>) {
  const list = usePages(
    () => ['work', toValue(filter)],
    (after, signal) => listWork(toValue(filter), after, signal),
    { every: EVERY_MS },
  )
  return { ...list, groups: computed(() => byState(list.items.value)) }
}
