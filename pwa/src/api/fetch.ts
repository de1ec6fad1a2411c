import { noteServerTime } from './clock'
import { ApiProblem } from './problem'
import { cacheScope, csrfToken, onSignedOut, renewSession } from './session'

/** On a bad network a request that hangs is worse than one that fails. */
const TIMEOUT_MS = 20_000
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

function prepared(request: Request): Request {
  const headers = new Headers(request.headers)
  if (SAFE.has(request.method)) {
    if (cacheScope.value) headers.set('x-cache-scope', cacheScope.value)
  } else {
    headers.set('x-csrf-token', csrfToken() ?? '')
  }
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  return new Request(request, { headers, signal: AbortSignal.any([request.signal, timeout]) })
}

async function once(request: Request): Promise<Response> {
  const sentAt = Date.now()
  try {
    const response = await globalThis.fetch(prepared(request))
    if (!response.headers.has('x-sw-fetched-at')) noteServerTime(response, sentAt)
    return response
  } catch (error) {
    if (request.signal.aborted) throw error
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError'
    throw new ApiProblem(0, timedOut ? 'timeout' : 'offline')
  }
}

/** fetch with the session: proof on writes, one renewal on 401, cached copies per person, a time limit. */
export async function sessionFetch(request: Request): Promise<Response> {
  const second = request.clone()
  const response = await once(request)
  const opening = request.method === 'POST' && new URL(request.url).pathname.startsWith('/api/v1/session')
  if (response.status !== 401 || opening) return response
  const renewed = await renewSession().catch(() => null)
  if (renewed) return once(second)
  if (renewed === false) onSignedOut.value()
  return response
}
