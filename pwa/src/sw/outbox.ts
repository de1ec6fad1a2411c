import { recall } from '@/outbox/database'
import { drain } from '@/outbox/drain'
import { sendItem, type Wire } from '@/outbox/send'
import { csrfOfWorker } from './csrf'

interface SyncEvent extends ExtendableEvent {
  readonly tag: string
}
const wire: Wire = {
  csrf: csrfOfWorker,
  refresh: async () => {
    const response = await fetch('/api/v1/session/refresh', { method: 'POST', headers: { 'x-csrf-token': (await csrfOfWorker()) ?? '' } })
    return response.ok
  },
}

/** Sends what waits when the network is back, also with every page closed. */
export function startOutboxSync(sw: ServiceWorkerGlobalScope): void {
  sw.addEventListener('sync', ((event: SyncEvent) => {
    if (event.tag !== 'outbox') return
    event.waitUntil(
      (async () => {
        const user = await recall('user')
        if (!user) return
        const { left, signedOut } = await drain(user, (item) => sendItem(item, wire), { fresh: true })
        // The browser tries again later only when this fails.
        if (left && !signedOut) throw new Error(`${left} left`)
      })(),
    )
  }) as EventListener)
}
