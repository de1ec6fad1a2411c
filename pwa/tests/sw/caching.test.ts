import { expect, test } from 'vitest'
import { stamped, strategyName } from '@/sw/caching'

test('alarms come from the network first; what changes rarely may be old at once', () => {
  expect(strategyName('/api/v1/alarms')).toBe('network')
  expect(strategyName('/api/v1/commitments/draft')).toBe('network')
  expect(strategyName('/api/v1/regions')).toBe('stale')
})

test('the stream and the session are never kept', () => {
  expect(strategyName('/api/v1/stream')).toBeNull()
  expect(strategyName('/api/v1/session/refresh')).toBeNull()
})

test('a copy says when it was fetched', async () => {
  const copy = await stamped(new Response('{"a":1}', { headers: { 'content-type': 'application/json' } }), 1234)
  expect(copy.headers.get('x-sw-fetched-at')).toBe('1234')
  expect(copy.headers.get('content-type')).toBe('application/json')
  expect(await copy.json()).toEqual({ a: 1 })
})
