import { afterEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { toTrend } from '@/api/monitoring'
import type { Alarm, WorkReport } from '@/api/types'
import { grouped } from '@/composables/grouped'
import { windowOf } from '@/composables/useAlarmTrend'
import { gravestFirst } from '@/composables/useAlarms'
import { neighbour, useListKeys } from '@/composables/useListKeys'
import { useNewAbove } from '@/composables/useNewAbove'
import { byState } from '@/composables/useWork'

test('items gather under their names in order of appearance', () => {
  expect(grouped(['a1', 'b1', 'a2'], (s) => s[0]!)).toEqual([
    { name: 'a', items: ['a1', 'a2'] },
    { name: 'b', items: ['b1'] },
  ])
})

test('graver alarms come first, newer ones among equals', () => {
  const alarm = (id: string, riskLevel: number, raisedAt: string) => ({ id, riskLevel, raisedAt }) as Alarm
  expect(gravestFirst([alarm('old', 1, '2026-11-24T01:00:00Z'), alarm('red', 3, '2026-11-24T00:00:00Z'), alarm('new', 1, '2026-11-24T02:00:00Z')]).map((a) => a.id)).toEqual(['red', 'new', 'old'])
})

test('work that runs comes first, empty groups are left out', () => {
  const report = (id: string, state: WorkReport['state']) => ({ id, state }) as WorkReport
  expect(byState([report('p', 'planned'), report('r', 'running')]).map((g) => g.state)).toEqual(['running', 'planned'])
})

test('an alarm is shown with the hour before it, up to now or an hour after its end', () => {
  const raised = Date.parse('2026-11-24T09:00:00Z') / 1000
  const open = windowOf({ raisedAt: '2026-11-24T09:00:00Z', clearedAt: null }, raised + 600)
  expect(open).toEqual({ from: raised - 3600, to: raised + 600 })
  const cleared = windowOf({ raisedAt: '2026-11-24T09:00:00Z', clearedAt: '2026-11-24T09:10:00Z' }, raised + 86_400)
  expect(cleared.to).toBe(raised + 600 + 3600)
})

test('a trend on the wire becomes columns in seconds', () => {
  const trend = toTrend({ pointId: 1, t0: '2026-11-24T00:00:00Z', t: [0, 10_000], min: [1, 2], max: [1, 3], mean: [1, 2.5], good: [1, 0.5], gaps: [[2000, 8000]], bucketMs: 0, intervalMs: 5000, unit: '%', decimals: 1, limits: null })
  const t0 = Date.parse('2026-11-24T00:00:00Z') / 1000
  expect(trend.columns).toEqual({ t: [t0, t0 + 10], min: [1, 2], max: [1, 3], mean: [1, 2.5], good: [1, 0.5], gaps: [[t0 + 2, t0 + 8]] })
  expect(trend).toMatchObject({ intervalS: 5, limits: {} })
})

const scope = effectScope()
afterEach(() => {
  document.body.innerHTML = ''
})

test('j and k move, a acts, Esc leaves; not while typing and not under a sheet', () => {
  const [open, act, close] = [vi.fn(), vi.fn(), vi.fn()]
  scope.run(() => useListKeys({ ids: ['a', 'b'], current: 'a', open, act, close }))
  const press = (key: string, target: EventTarget = document.body) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  press('j')
  press('k')
  press('a')
  press('Escape')
  expect(open.mock.calls).toEqual([['b']])
  expect(act).toHaveBeenCalledWith('a')
  expect(close).toHaveBeenCalledTimes(1)
  const input = document.body.appendChild(document.createElement('input'))
  press('j', input)
  input.remove()
  const sheet = document.body.appendChild(document.createElement('div'))
  sheet.setAttribute('aria-modal', 'true')
  press('j')
  expect(open).toHaveBeenCalledTimes(1)
  scope.stop()
  sheet.remove()
  press('j')
  expect(open).toHaveBeenCalledTimes(1)
})

test('without a current row the keys begin at the ends', () => {
  expect(neighbour(['a', 'b'], null, 1)).toBe('a')
  expect(neighbour(['a', 'b'], null, -1)).toBe('b')
  expect(neighbour(['a', 'b'], 'b', 1)).toBeUndefined()
})

test('what comes in above while reading further down is counted, and forgotten at the top', async () => {
  const ids = ref<string[]>(['a'])
  const scroller = document.body.appendChild(document.createElement('div'))
  const own = effectScope()
  const fresh = own.run(() => useNewAbove(ids, () => scroller))!
  ids.value = ['b', 'a']
  await nextTick()
  expect(fresh.hidden.value).toBe(0)
  scroller.scrollTop = 500
  ids.value = ['d', 'c', 'b', 'a']
  await nextTick()
  expect(fresh.hidden.value).toBe(2)
  scroller.scrollTop = 0
  scroller.dispatchEvent(new Event('scroll'))
  expect(fresh.any.value).toBe(false)
  own.stop()
})
