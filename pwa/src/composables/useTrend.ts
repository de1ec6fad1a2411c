import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { getTrend, type Trend } from '@/api/monitoring'
import type { Stamped } from '@/api/client'

/** The newest samples arrive by asking again, ms. */
const EVERY_MS = 15_000

/** The trend of a point. from, to: seconds since epoch; `moving` asks again so that the right edge stays now. */
export function useTrend(pointId: MaybeRefOrGetter<number | null | undefined>, window: MaybeRefOrGetter<{ from: number; to: number }>, options: { maxPoints?: number; moving?: MaybeRefOrGetter<boolean> } = {}) {
  const query = useQuery<Stamped<Trend>>({
    queryKey: computed(() => ['points', toValue(pointId), 'trend', toValue(window).from, toValue(window).to]),
    queryFn: ({ signal }) => getTrend(toValue(pointId)!, toValue(window).from, toValue(window).to, options.maxPoints ?? 600, signal),
    enabled: computed(() => toValue(pointId) != null),
    placeholderData: keepPreviousData,
    refetchInterval: () => (toValue(options.moving) ? EVERY_MS : false),
    // Bulky, soon old, and the service worker has a copy.
    meta: { copy: false },
    gcTime: 300_000,
  })
  return { trend: computed(() => query.data.value?.data), at: computed(() => query.data.value?.at ?? null), pending: query.isPending, error: query.error, refetch: () => query.refetch() }
}
