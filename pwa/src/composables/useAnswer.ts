import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import type { Stamped } from '@/api/client'
import type { Page } from '@/api/types'
import { useLive } from './useLive'
import { useOnline } from './useOnline'

type Key = readonly unknown[]

export interface AnswerOptions {
  /** Ask at all? @default true */
  enabled?: MaybeRefOrGetter<boolean>
  /** Ask again after this time, ms, also when nothing rang. */
  every?: number
  /** Keep a copy on this phone. @default true */
  copy?: boolean
  /** How long an answer counts as fresh, ms. @default 15 000 */
  fresh?: number
}

/** One answer of the server, how old it is, and whether the page follows it live. */
export function useAnswer<T>(key: MaybeRefOrGetter<Key>, ask: (signal: AbortSignal) => Promise<Stamped<T>>, options: AnswerOptions = {}) {
  const { connected } = useLive()
  const online = useOnline()
  const query = useQuery({
    queryKey: computed(() => toValue(key)),
    queryFn: ({ signal }) => ask(signal),
    enabled: computed(() => toValue(options.enabled) ?? true),
    refetchInterval: options.every,
    meta: { copy: options.copy ?? true },
    ...(options.fresh == null ? {} : { staleTime: options.fresh }),
  })
  const stale = computed(() => query.error.value != null || query.data.value?.cached === true)
  return {
    data: computed(() => query.data.value?.data),
    at: computed(() => query.data.value?.at ?? null),
    live: computed(() => connected.value && online.value && !stale.value),
    stale,
    pending: computed(() => query.data.value === undefined),
    error: query.error,
    refetch: () => query.refetch(),
  }
}

/** A cursor-paged list, page by page. `ask` gets the mark of the page before. */
export function usePages<T>(key: MaybeRefOrGetter<Key>, ask: (after: string | null, signal: AbortSignal) => Promise<Stamped<Page<T>>>, options: AnswerOptions = {}) {
  const { connected } = useLive()
  const online = useOnline()
  const query = useInfiniteQuery({
    queryKey: computed(() => toValue(key)),
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Stamped<Page<T>>) => last.data.next,
    enabled: computed(() => toValue(options.enabled) ?? true),
    refetchInterval: options.every,
    meta: { copy: options.copy ?? true },
  })
  const pages = computed(() => query.data.value?.pages ?? [])
  const stale = computed(() => query.error.value != null || pages.value.some((page) => page.cached))
  return {
    items: computed(() => pages.value.flatMap((page) => page.data.items)),
    /** The oldest page decides: a list is as old as its oldest part. */
    at: computed(() => (pages.value.length ? Math.min(...pages.value.map((page) => page.at)) : null)),
    live: computed(() => connected.value && online.value && !stale.value),
    stale,
    pending: computed(() => query.data.value === undefined),
    error: query.error,
    more: computed(() => query.hasNextPage.value),
    loadingMore: query.isFetchingNextPage,
    loadMore: () => query.fetchNextPage(),
    refetch: () => query.refetch(),
  }
}
