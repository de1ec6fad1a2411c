import { expect, test } from 'vitest'
import { emptyStop, isLate, stopFaults, toStop, type StopForm } from '@/composables/stopForm'

/** 2026-11-24 09:10 at the plant. */
const NOW = Date.parse('2026-11-24T09:10:00+08:00')
const filled = (changes: Partial<StopForm> = {}): StopForm => ({ ...emptyStop(NOW, 'id-1'), scope: 'enterprise', cause: 'power', reason: '配电室检修', ...changes })
const fields = (form: StopForm) => stopFaults(form, NOW).map((fault) => fault.field)

test('an empty form starts at the next half hour and lasts eight hours, in the time of the plant', () => {
  expect(emptyStop(NOW, 'x')).toMatchObject({ fromDay: '2026-11-24', fromTime: '09:30', toDay: '2026-11-24', toTime: '17:30' })
  expect(emptyStop(Date.parse('2026-11-24T23:40:00+08:00'), 'x')).toMatchObject({ fromDay: '2026-11-25', fromTime: '00:00', toTime: '08:00' })
})

test('what is missing is named in the order of the screen', () => {
  expect(fields(emptyStop(NOW, 'x'))).toEqual(['scope', 'cause', 'reason'])
  expect(fields(filled())).toEqual([])
  expect(fields(filled({ scope: 'gateway' }))).toEqual(['gateway'])
  expect(fields(filled({ scope: 'point', tag: '  ' }))).toEqual(['point'])
  expect(fields(filled({ reason: ' 停 ' }))).toEqual(['reason'])
})

test('a stop ends after it begins and is not over', () => {
  expect(stopFaults(filled({ toDay: '2026-11-24', toTime: '09:00' }), NOW)[0]?.text).toBe('stop.form.order')
  expect(stopFaults(filled({ fromTime: '07:00', toTime: '09:00' }), NOW)[0]?.text).toBe('stop.form.over')
})

test('one that has begun is late and still taken', () => {
  const form = filled({ fromTime: '08:00' })
  expect([isLate(form, NOW), fields(form)]).toEqual([true, []])
  expect(isLate(filled(), NOW)).toBe(false)
})

test('only what the scope speaks of is sent', () => {
  const form = filled({ scope: 'enterprise', gatewayId: 7, tag: 'LT-101', reason: ' 检修 ' })
  expect(toStop(form, 42)).toMatchObject({ id: 'id-1', gatewayId: null, pointId: null, startsAt: '2026-11-24T09:30:00+08:00', reason: '检修' })
  expect(toStop({ ...form, scope: 'gateway' }, null)).toMatchObject({ gatewayId: 7, pointId: null })
  expect(toStop({ ...form, scope: 'point' }, 42)).toMatchObject({ gatewayId: null, pointId: 42 })
})
