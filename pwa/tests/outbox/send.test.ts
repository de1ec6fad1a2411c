import { expect, test } from 'vitest'
import { newItem } from '@/outbox/item'
import { sendItem, type Wire } from '@/outbox/send'

const item = newItem({ id: 'k1', user: 'me', kind: 'commitment', title: 't', url: '/api/v1/commitments', body: { a: 1 }, headers: { 'if-match': '"1"' } }, 0)

/** A network that answers these statuses in turn; 0 is no network. */
function wire(...statuses: number[]): Wire & { calls: RequestInit[]; refreshed: number } {
  const calls: RequestInit[] = []
  const made = {
    calls,
    refreshed: 0,
    csrf: async () => 'proof',
    refresh: async () => {
      made.refreshed += 1
      return statuses.length > calls.length
    },
    fetch: (async (_url: string, init: RequestInit) => {
      calls.push(init)
      const status = statuses[calls.length - 1] ?? 201
      if (status === 0) throw new TypeError('network')
      return new Response(JSON.stringify({ type: 'urn:anlan:already-filed', detail: 'd' }), { status })
    }) as unknown as typeof fetch,
  }
  return made
}

test('a filing carries its key, its proof and its own headers', async () => {
  const w = wire(201)
  expect(await sendItem(item, w)).toEqual({ kind: 'arrived' })
  expect(w.calls[0]!.headers).toMatchObject({ 'idempotency-key': 'k1', 'x-csrf-token': 'proof', 'if-match': '"1"' })
  expect(w.calls[0]!.body).toBe('{"a":1}')
})

test('what replaces a record whole is put', async () => {
  const w = wire(200)
  await sendItem({ ...item, method: 'PUT' }, w)
  await sendItem(item, w)
  expect(w.calls.map((call) => call.method)).toEqual(['PUT', 'POST'])
})

test.each([0, 500, 503, 408, 425, 429])('status %s may be different in a moment', async (status) => {
  expect(await sendItem(item, wire(status))).toEqual({ kind: 'later' })
})

test('a refusal brings the server’s stable type', async () => {
  expect(await sendItem(item, wire(409))).toEqual({ kind: 'refused', refusal: { status: 409, kind: 'already-filed', detail: 'd' } })
})

test('an expired session is renewed once and the filing sent again', async () => {
  const w = wire(401, 201)
  expect(await sendItem(item, w)).toEqual({ kind: 'arrived' })
  expect(w.refreshed).toBe(1)
})

test('a session that cannot be renewed asks for signing in', async () => {
  expect(await sendItem(item, wire(401))).toEqual({ kind: 'signed_out' })
  expect(await sendItem(item, wire(401, 401, 401))).toEqual({ kind: 'signed_out' })
})

test('a photo goes as a form, its fields first, and may be larger than what outlives a page', async () => {
  const w = wire(201)
  const photo = newItem({ id: 'p1', user: 'me', kind: 'photo', title: 't', url: '/api/v1/photos', body: { id: 'p1', lon: 118.3, lat: null }, file: { name: 'p1.jpg', blob: new Blob(['jpeg'], { type: 'image/jpeg' }) } }, 0)
  expect(await sendItem(photo, w)).toEqual({ kind: 'arrived' })
  const form = w.calls[0]!.body as FormData
  expect([...form.keys()]).toEqual(['id', 'lon', 'file'])
  expect((form.get('file') as File).name).toBe('p1.jpg')
  expect(w.calls[0]!.keepalive).toBe(false)
  expect(w.calls[0]!.headers).not.toHaveProperty('content-type')
  expect(w.calls[0]!.headers).toMatchObject({ 'x-csrf-token': 'proof' })
})
