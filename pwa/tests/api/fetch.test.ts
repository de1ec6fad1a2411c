import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clockOffset } from '@/api/clock'
import { sessionFetch } from '@/api/fetch'
import { cacheScope, onSignedOut } from '@/api/session'

const seen: Request[] = []
let answers: (Response | Error)[] = []
const signedOut = vi.fn()

beforeEach(() => {
  seen.length = 0
  signedOut.mockClear()
  onSignedOut.value = signedOut
  cacheScope.value = 'me'
  document.cookie = 'anlan_csrf=proof; path=/'
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    seen.push(input instanceof Request ? input : new Request(new URL(input, location.origin), init))
    const answer = answers.shift() ?? new Response('{}')
    if (answer instanceof Error) throw answer
    return answer
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  answers = []
})

const get = () => sessionFetch(new Request(`${location.origin}/api/v1/alarms`))
const post = (path: string) => sessionFetch(new Request(`${location.origin}${path}`, { method: 'POST', body: '{}' }))

test('reads name the person whose cache may keep them, writes carry the proof', async () => {
  await get()
  await post('/api/v1/push/test')
  expect(seen[0]!.headers.get('x-cache-scope')).toBe('me')
  expect(seen[1]!.headers.get('x-csrf-token')).toBe('proof')
  expect(seen[1]!.headers.has('x-cache-scope')).toBe(false)
})

test('an expired session is renewed and the request repeated', async () => {
  answers = [new Response('', { status: 401 }), new Response('{}'), new Response('{"ok":1}')]
  expect(await (await get()).json()).toEqual({ ok: 1 })
  expect(seen.map((r) => new URL(r.url).pathname)).toEqual(['/api/v1/alarms', '/api/v1/session/refresh', '/api/v1/alarms'])
  expect(signedOut).not.toHaveBeenCalled()
})

test('two requests renew the session only once', async () => {
  answers = [new Response('', { status: 401 }), new Response('', { status: 401 })]
  await Promise.all([get(), get()])
  expect(seen.filter((r) => r.url.endsWith('/refresh'))).toHaveLength(1)
})

test('a session that is over is said once, and the 401 comes through', async () => {
  answers = [new Response('', { status: 401 }), new Response('', { status: 401 })]
  expect((await get()).status).toBe(401)
  expect(signedOut).toHaveBeenCalledTimes(1)
})

test('a wrong password is no expired session', async () => {
  answers = [new Response('', { status: 401 })]
  expect((await post('/api/v1/session')).status).toBe(401)
  expect(seen).toHaveLength(1)
})

test('no network is a problem of its own kind', async () => {
  answers = [new TypeError('failed')]
  await expect(get()).rejects.toMatchObject({ status: 0, kind: 'offline', passing: true })
})

test('a wrong phone clock is noticed from the answer, and small differences are the network’s', async () => {
  answers = [new Response('{}', { headers: { date: new Date(Date.now() - 360_000).toUTCString() } })]
  await get()
  expect(clockOffset.value / 1000).toBeCloseTo(-360, -1)
  answers = [new Response('{}', { headers: { date: new Date().toUTCString() } })]
  await get()
  expect(clockOffset.value).toBe(0)
})
