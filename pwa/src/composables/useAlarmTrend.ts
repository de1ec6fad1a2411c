import { computed, type Ref } from 'vue'
import type { Alarm } from '@/api/types'
import { ratePerMinute } from '@/components/trend/rate'
import { useNow } from './useNow'
import { useTrend } from './useTrend'

/** Shown before the alarm and after its end, s. */
const AROUND_S = 3600
/** The right edge of an open one moves in steps, s. */
const STEP_S = 15
/** A part of the range a minute below which nothing moves. */
const STILL_RATIO = 0.0002

/** The hour before an alarm and what followed: up to an hour after its end, or up to now. */
export function windowOf(alarm: Pick<Alarm, 'raisedAt' | 'clearedAt'>, nowS: number): { from: number; to: number } {
  const raised = Date.parse(alarm.raisedAt) / 1000
  const end = alarm.clearedAt ? Date.parse(alarm.clearedAt) / 1000 + AROUND_S : raised + AROUND_S
  const limit = Math.ceil(nowS / STEP_S) * STEP_S
  const to = alarm.clearedAt ? Math.min(end, limit) : Math.min(Math.max(end, raised), limit)
  return { from: raised - AROUND_S, to: Math.max(to, raised + 60) }
}

/** Trend and present rate around an alarm. */
export function useAlarmTrend(alarm: Ref<Alarm | undefined>) {
  const now = useNow()
  const span = computed(() => (alarm.value ? windowOf(alarm.value, now.value / 1000) : { from: 0, to: 0 }))
  const { trend, error } = useTrend(() => alarm.value?.pointId, span)
  const rate = computed(() => {
    if (!trend.value || !alarm.value || alarm.value.clearedAt) return null
    const found = ratePerMinute(trend.value.columns)
    const range = (alarm.value.rangeHi ?? 100) - (alarm.value.rangeLo ?? 0)
    return found != null && Math.abs(found) >= range * STILL_RATIO ? found : null
  })
  return { trend, rate, trendError: error, from: computed(() => span.value.from), to: computed(() => span.value.to) }
}
