import { readonly, shallowRef } from 'vue'

const waiting = shallowRef<ServiceWorker | null>(null)
/** Look for a new version this often, ms. */
const LOOK_MS = 3_600_000

interface FromWorker {
  type?: string
  path?: string
}

function follow(registration: ServiceWorkerRegistration): void {
  const note = () => {
    if (registration.waiting && navigator.serviceWorker.controller) waiting.value = registration.waiting
  }
  note()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', note))
  setInterval(() => void registration.update().catch(() => undefined), LOOK_MS)
}

/** Register the service worker; everything also works without one. `navigate` is called when a notification was tapped. */
export function startWorker(navigate: (path: string) => void): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  navigator.serviceWorker.addEventListener('message', (event: MessageEvent<FromWorker | null>) => {
    if (event.data?.type === 'navigate' && event.data.path?.startsWith('/')) navigate(event.data.path)
  })
  navigator.serviceWorker
    .register('/sw.js', { updateViaCache: 'none' })
    .then(follow)
    .catch(() => undefined)
}

/** The offer of a new version: nothing reloads until the person says so. */
export function useUpdate() {
  function update(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    waiting.value?.postMessage({ type: 'SKIP_WAITING' })
  }
  return { waiting: readonly(waiting), update, dismiss: () => (waiting.value = null) }
}
