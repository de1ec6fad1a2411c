import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { countProposals, listProposals, type ProposalFilter } from '@/api/passports'
import { useAnswer, usePages } from './useAnswer'

/** Proposals of limits, newest first. */
export function useProposals(filter: MaybeRefOrGetter<ProposalFilter>) {
  return usePages(() => ['proposals', 'list', toValue(filter)], (after, signal) => listProposals(toValue(filter), after, signal), { every: 60_000 })
}

/** How many proposals wait for the person. */
export function useProposalCounts() {
  const { data } = useAnswer(['proposals', 'counts'], countProposals, { every: 60_000 })
  return { counts: data, toDo: computed(() => data.value?.toDo ?? 0) }
}
