import { startCaching } from './caching'
import { startOutboxSync } from './outbox'
import { startPush } from './push'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | { url: string; revision: string | null })[] }

startCaching(self, self.__WB_MANIFEST)
startPush(self)
startOutboxSync(self)

// Never by itself: a half-filled form is on the screen. The page asks when the person has agreed.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting()
})
// The first visit already works without signal: the page that installed us is ours at once.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
