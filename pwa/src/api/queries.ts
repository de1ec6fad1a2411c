import { QueryClient } from '@tanstack/vue-query'
import { ApiProblem } from './problem'

/** How long an answer counts as fresh without the live stream saying otherwise, ms. */
const FRESH_MS = 15_000
/** How long a copy stays on this phone, ms. */
export const KEEP_MS = 86_400_000

/** Server state of the page. Asks also when the phone believes to be offline: the service worker may have a copy. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'offlineFirst',
      staleTime: FRESH_MS,
      gcTime: KEEP_MS,
      refetchOnReconnect: 'always',
      retry: (count, error) => error instanceof ApiProblem && error.passing && error.status !== 0 && count < 2,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})
