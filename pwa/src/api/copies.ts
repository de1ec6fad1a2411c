import {
  persistQueryClientRestore,
  persistQueryClientSubscribe,
  type PersistedClient,
  type Persister,
} from '@tanstack/query-persist-client-core'
import { database } from '@/outbox/database'
import { KEEP_MS, queryClient } from './queries'

/** Writing the copies at most this often, ms. */
const THROTTLE_MS = 1000

/** Keeps one person's answers in the phone's database under their id. */
export function personPersister(user: string): Persister {
  let waiting: PersistedClient | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = async () => {
    timer = undefined
    if (waiting) await (await database()).put('copies', JSON.parse(JSON.stringify(waiting)), user)
  }
  return {
    persistClient: (client) => {
      waiting = client
      timer ??= setTimeout(() => void flush().catch(() => undefined), THROTTLE_MS)
    },
    restoreClient: async () => (await (await database()).get('copies', user)) as PersistedClient | undefined,
    removeClient: async () => {
      clearTimeout(timer)
      timer = undefined
      waiting = null
      await (await database()).delete('copies', user)
    },
  }
}

let stop: (() => void) | undefined
let keptFor: string | undefined

/** Bring back what this person saw last and keep copies from now on. */
export async function keepCopies(user: string): Promise<void> {
  stop?.()
  // Two people in turn on one phone, without signing out in between.
  if (keptFor && keptFor !== user) queryClient.clear()
  keptFor = user
  const options = { queryClient, persister: personPersister(user), maxAge: KEEP_MS, buster: __APP_VERSION__ }
  await persistQueryClientRestore(options).catch(() => undefined)
  stop = persistQueryClientSubscribe({
    ...options,
    dehydrateOptions: { shouldDehydrateQuery: (query) => query.state.status === 'success' && query.meta?.copy !== false },
  })
}

/** Forget everything this person saw: the next one to hold this phone must not find it. */
export async function forgetCopies(user: string): Promise<void> {
  stop?.()
  stop = undefined
  queryClient.clear()
  await personPersister(user).removeClient()
  if ('caches' in globalThis) await caches.delete(`api-${user}`)
}
