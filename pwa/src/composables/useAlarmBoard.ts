import { computed, ref } from 'vue'
import type { Alarm } from '@/api/types'
import { useAcknowledge } from './useAcknowledge'
import { gravestFirst, useAlarms } from './useAlarms'

export type AlarmTab = 'unacknowledged' | 'acknowledged' | 'today'

/**
 * The alarm page: who has not been seen, who is being handled, and the day. What is acknowledged here moves over at
 * once, before the server knows.
 */
export function useAlarmBoard(startLevel: number | null) {
  const tab = ref<AlarmTab>('unacknowledged')
  const level = ref<number | null>(startLevel)
  const { waitingFor } = useAcknowledge()
  const riskLevel = computed(() => level.value ?? undefined)

  const waiting = useAlarms(() => ({ state: 'unacknowledged', riskLevel: riskLevel.value }))
  const handled = useAlarms(() => ({ state: 'acknowledged', riskLevel: riskLevel.value }))
  const today = useAlarms(() => ({ state: 'today', riskLevel: riskLevel.value }), () => tab.value === 'today')

  const unseen = computed(() => waiting.items.value.filter((alarm) => !waitingFor.value.has(alarm.id)))
  const seen = computed<Alarm[]>(() => {
    const moved = waiting.items.value.filter((alarm) => waitingFor.value.has(alarm.id) && alarm.clearedAt == null)
    const known = new Set(moved.map((alarm) => alarm.id))
    return gravestFirst([...moved, ...handled.items.value.filter((alarm) => !known.has(alarm.id))])
  })
  const list = computed(() => ({ unacknowledged: waiting, acknowledged: handled, today })[tab.value])
  const shown = computed<Alarm[]>(() => (tab.value === 'today' ? today.items.value : tab.value === 'acknowledged' ? seen.value : [...unseen.value, ...seen.value]))
  return { tab, level, unseen, seen, today, list, shown, refetch: () => Promise.all([waiting.refetch(), handled.refetch(), today.refetch()]) }
}
