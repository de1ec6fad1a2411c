import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followLive, liveConnected } from '@/api/live'

class FakeSource extends EventTarget {
  static made: FakeSource[] = []
  static readonly CLOSED = 2
  readyState = 0
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  closed = false
  constructor(readonly url: string) {
    super()
    FakeSource.made.push(this)
  }
  open() {
    this.readyState = 1
    this.onopen?.()
  }
  fail(readyState: number) {
    this.readyState = readyState
    this.onerror?.()
  }
  say(name: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }))
  }
  close() {
    this.closed = true
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeSource.made = []
  vi.stubGlobal('EventSource', FakeSource)
  vi.stubGlobal('fetch', async () => new Response('{}'))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('events are heard by name, and the page knows whether it follows', () => {
  const hear = vi.fn()
  const stop = followLive(hear, vi.fn())
  const [source] = FakeSource.made
  expect(liveConnected.value).toBe(false)
  source!.open()
  expect(liveConnected.value).toBe(true)
  source!.say('alarm', { id: 'a' })
  expect(hear).toHaveBeenCalledWith('alarm', { id: 'a' })
  stop()
  expect(source!.closed).toBe(true)
  expect(liveConnected.value).toBe(false)
})

test('a refused stream is opened again with a renewed session, and what was missed is fetched', async () => {
  const again = vi.fn()
  const stop = followLive(vi.fn(), again)
  FakeSource.made[0]!.open()
  expect(again).not.toHaveBeenCalled()
  FakeSource.made[0]!.fail(FakeSource.CLOSED)
  await vi.advanceTimersByTimeAsync(2500)
  expect(FakeSource.made).toHaveLength(2)
  FakeSource.made[1]!.open()
  expect(again).toHaveBeenCalledTimes(1)
  stop()
})

test('a dropped link is left to the browser, and too much missed means fetching all', async () => {
  const again = vi.fn()
  const stop = followLive(vi.fn(), again)
  FakeSource.made[0]!.open()
  FakeSource.made[0]!.fail(0)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(FakeSource.made).toHaveLength(1)
  FakeSource.made[0]!.say('resync', {})
  expect(again).toHaveBeenCalledTimes(1)
  stop()
})
