import { computed } from 'vue'
import { countAlarms } from '@/api/alarms'
import { useAcknowledge } from './useAcknowledge'
import { useAnswer } from './useAnswer'

/** Counts of alarms in view; what was just acknowledged here no longer counts as unacknowledged. */
export function useAlarmCounts() {
  const { data, at, live, stale, refetch } = useAnswer(['alarms', 'counts'], countAlarms, { every: 30_000 })
  const { waitingFor } = useAcknowledge()
  const unacknowledged = computed(() => Math.max(0, (data.value?.unacknowledged.total ?? 0) - waitingFor.value.size))
  return { counts: data, unacknowledged, at, live, stale, refetch }
}
