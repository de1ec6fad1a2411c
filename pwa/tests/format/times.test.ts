import { expect, test } from 'vitest'
import { countdown, dayAndTime, dayLabel, hourMinuteSecond, plantDay, span } from '@/format/times'

test('before eight in the morning the day at the plant is already today', () => {
  const seven = new Date('2026-11-24T07:00:00+08:00')
  expect(seven.toISOString().slice(0, 10)).toBe('2026-11-23')
  expect(plantDay(seven)).toBe('2026-11-24')
})

test('midnight belongs to the new day and reads 00', () => {
  expect(hourMinuteSecond('2026-11-24T00:00:00+08:00')).toBe('00:00:00')
})

test.each([
  [12, '12 秒'],
  [65, '1 分 05 秒'],
  [176, '2 分 56 秒'],
  [2520, '42 分'],
  [15_300, '4 小时 15 分'],
  [7200, '2 小时'],
  [93_600, '1 天 2 小时'],
  [-5, '0 秒'],
])('%s seconds read %s', (seconds, text) => expect(span(seconds)).toBe(text))

test.each([
  [724, '12:04'],
  [5280, '1:28:00'],
  [-1, '0:00'],
])('a countdown of %s s shows %s', (seconds, text) => expect(countdown(seconds)).toBe(text))

test('a time says its day only when it is not today', () => {
  const now = Date.parse('2026-11-24T09:00:00+08:00')
  expect(dayAndTime('2026-11-24T08:30:00+08:00', now)).toBe('08:30')
  expect(dayAndTime('2026-11-23T21:40:00+08:00', now)).toBe('昨日 21:40')
  expect(dayAndTime('2026-11-14T21:40:00+08:00', now)).toBe('11月14日 21:40')
  expect(dayLabel('2026-11-24')).toBe('11月24日 周二')
})
