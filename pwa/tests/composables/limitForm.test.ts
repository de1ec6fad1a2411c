import { expect, test } from 'vitest'
import type { PointNow } from '@/api/types'
import { carried, changed, faultOf, lineOf, parseLimit, textOf } from '@/composables/limitForm'
import { metresBetween } from '@/composables/usePlace'

const level = { id: 7, kind: 'level', rangeLo: 0, rangeHi: 100, limits: { ll: 10, l: 15, h: 85, hh: 90, version: 3 } } as PointNow
const text = (ll: string, l: string, h: string, hh: string) => ({ ll, l, h, hh })

test.each([
  ['', null],
  [' 85 ', 85],
  ['−0.3', -0.3],
  ['1,5', 1.5],
])('%j is typed and means %s', (typed, value) => {
  expect(parseLimit(typed)).toBe(value)
})

test.each([
  [text('10', '15', '85', '90'), null],
  [text('', '', '', ''), null],
  [text('10', '15', '90', '90'), { key: 'hh', why: 'order' }],
  [text('20', '15', '85', '90'), { key: 'l', why: 'order' }],
  [text('10', '', '85', '101'), { key: 'hh', why: 'range' }],
  [text('-1', '', '85', '90'), { key: 'll', why: 'range' }],
  [text('10', 'x', '85', '90'), { key: 'l', why: 'number' }],
])('limits are said to be wrong before they are sent: %j', (typed, fault) => {
  expect(faultOf(typed, level)).toEqual(fault)
})

test('gas carries two limits, and what is typed elsewhere is not sent', () => {
  const gas = { ...level, kind: 'comb_gas' } as PointNow
  expect(carried('comb_gas')).toEqual(['h', 'hh'])
  expect(lineOf(gas, text('1', '2', '25', '50'))).toEqual({ pointId: 7, replaces: 3, ll: null, l: null, h: 25, hh: 50 })
})

test('a form starts from the limits in force and knows what was changed', () => {
  const typed = textOf(level.limits!)
  expect(typed).toEqual(text('10', '15', '85', '90'))
  expect(changed(level, typed)).toBe(false)
  expect(changed(level, { ...typed, h: '82' })).toBe(true)
  expect(changed(level, { ...typed, ll: '' })).toBe(true)
})

test('two places in the same town lie as far apart as they do', () => {
  expect(metresBetween({ lon: 118.3, lat: 36.8 }, { lon: 118.3, lat: 36.809 })).toBeCloseTo(1000.8, 0)
})
