import { CacheableResponsePlugin } from 'workbox-cacheable-response'
import { ExpirationPlugin } from 'workbox-expiration'
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { NetworkFirst, StaleWhileRevalidate, type Strategy } from 'workbox-strategies'

/** Wait for the network this long before an old answer is better than none, s. */
const PATIENCE_S = 4
/** An older copy says nothing about now, s. */
const KEEP_S = 7 * 86_400
const KEEP_ENTRIES = 300

/** Things that change rarely: an old list at once, the new one next time. Never alarms: their first paint must not be old. */
const SLOW_CHANGING = [/^\/api\/v1\/regions$/, /^\/api\/v1\/push\/key$/]
const NEVER_KEPT = [/^\/api\/v1\/stream/, /^\/api\/v1\/session/]

/** Which strategy an API path gets. */
export function strategyName(path: string): 'stale' | 'network' | null {
  if (NEVER_KEPT.some((p) => p.test(path))) return null
  return SLOW_CHANGING.some((p) => p.test(path)) ? 'stale' : 'network'
}

/** The age of data belongs inside the data: copies say when they were fetched. */
export async function stamped(response: Response, now = Date.now()): Promise<Response> {
  const headers = new Headers(response.headers)
  headers.set('x-sw-fetched-at', String(now))
  return new Response(await response.blob(), { status: response.status, statusText: response.statusText, headers })
}

function plugins() {
  return [
    new CacheableResponsePlugin({ statuses: [200] }),
    new ExpirationPlugin({ maxEntries: KEEP_ENTRIES, maxAgeSeconds: KEEP_S, purgeOnQuotaError: true }),
    { cacheWillUpdate: async ({ response }: { response: Response }) => (response.ok ? stamped(response) : null) },
  ]
}

const strategies = new Map<string, Strategy>()

function strategyFor(scope: string, path: string): Strategy {
  const kind = strategyName(path)
  const key = `${kind}:${scope}`
  const cacheName = `api-${scope}`
  const made =
    strategies.get(key) ??
    (kind === 'stale'
      ? new StaleWhileRevalidate({ cacheName, plugins: plugins() })
      : new NetworkFirst({ cacheName, networkTimeoutSeconds: PATIENCE_S, plugins: plugins() }))
  strategies.set(key, made)
  return made
}

/** The shell from the precache; API answers in one cache per person, none without a person's name on the request. */
export function startCaching(sw: ServiceWorkerGlobalScope, entries: (string | PrecacheEntry)[]): void {
  precacheAndRoute(entries)
  cleanupOutdatedCaches()
  registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/files\//, /^\/health\//, /^\/metrics/] }))
  registerRoute(
    ({ url, request }) =>
      url.origin === sw.location.origin &&
      request.method === 'GET' &&
      url.pathname.startsWith('/api/v1/') &&
      request.headers.has('x-cache-scope') &&
      strategyName(url.pathname) != null,
    (context) => strategyFor(context.request.headers.get('x-cache-scope') ?? '', context.url.pathname).handle(context),
  )
}
