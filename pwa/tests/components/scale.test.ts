import { expect, test } from 'vitest'
import { bandsOf, labelWidth, placeLabels, scaleOf, spanOf, spread } from '@/components/limits/scale'

const level = { ll: 10, l: 15, h: 85, hh: 90 }
const gas = { ll: null, l: null, h: 25, hh: 50 }

test('bands lie beyond the limits, dense beyond the outer ones', () => {
  expect(bandsOf(level, 0, 100)).toEqual([
    { from: 0, to: 10, dense: true },
    { from: 10, to: 15, dense: false },
    { from: 85, to: 90, dense: false },
    { from: 90, to: 100, dense: true },
  ])
  expect(bandsOf(gas, 0, 100).map((b) => b.from)).toEqual([25, 50])
})

test('bands outside the picture are cut away', () => {
  expect(bandsOf(level, 82, 88)).toEqual([{ from: 85, to: 88, dense: false }])
  expect(bandsOf(level, 20, 80)).toEqual([])
})

test('without a range the bar still holds every limit and the value', () => {
  const [lo, hi] = spanOf(gas, 60, null, null)
  expect(lo).toBe(0)
  expect(hi).toBeGreaterThan(60)
  const [below] = spanOf({ ll: -0.3, l: null, h: null, hh: null }, null, null, null)
  expect(below).toBeLessThan(-0.3)
})

test('a value beyond the range sits at the end of the bar', () => {
  const x = scaleOf(0, 100, 84)
  expect([x(-5), x(50), x(140)]).toEqual([1, 42, 83])
})

test('labels are pushed apart and stay inside', () => {
  expect(spread([10, 12, 100], 14, 6, 94)).toEqual([10, 24, 94])
  expect(spread([90, 92], 14, 6, 94)).toEqual([80, 94])
  expect(spread([1, 2, 3], 50, 0, 60)).toEqual([0, 30, 60])
})

test('names under the ruler never overlap or leave it', () => {
  const ticks = [
    { x: 4, label: 'LL 0.2' },
    { x: 8, label: 'L 0.4' },
    { x: 318, label: 'H 1.5' },
    { x: 320, label: 'HH 1.8' },
  ]
  const lefts = placeLabels(ticks, 320)
  ticks.forEach((tick, i) => {
    expect(lefts[i]).toBeGreaterThanOrEqual(0)
    expect(lefts[i]! + labelWidth(tick.label)).toBeLessThanOrEqual(lefts[i + 1] ?? 320)
  })
})
