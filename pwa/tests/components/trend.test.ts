import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { beyond, doubtful, lastPoint, tableRows, valueWindow, visibleGaps, withBreaks, type TrendColumns } from '@/components/trend/columns'
import { panned, pinched, within } from '@/components/trend/gestures'
import { ratePerMinute, secondsTo } from '@/components/trend/rate'
import TrendChart from '@/components/trend/TrendChart.vue'

const rising: TrendColumns = { t: [0, 60, 120, 300, 360], min: [84, 86, 88, 91, 92], max: [84, 86, 88, 91, 92], gaps: [[130, 290]] }
const limits = { ll: 10, l: 15, h: 85, hh: 90 }

test('a gap is never joined', () => {
  const [t, , max] = withBreaks(rising)
  expect(t).toEqual([0, 60, 120, 210, 300, 360])
  expect(max[3]).toBeNull()
})

test('a gap before the first or after the last sample adds nothing', () => {
  expect(withBreaks({ ...rising, gaps: [[-50, -10]] })[0]).toEqual(rising.t)
})

test('the crossing part begins exactly at the limit and stops at gaps', () => {
  const pieces = beyond(rising, { side: 'high', limit: 87 })
  expect(pieces).toEqual([
    [
      [90, 87],
      [120, 88],
    ],
    [
      [300, 91],
      [360, 92],
    ],
  ])
})

test('falling below a low limit crosses, too', () => {
  const falling = { t: [0, 10, 20], min: [20, 14, 16], max: [20, 14, 16], gaps: [] as [number, number][] }
  expect(beyond(falling, { side: 'low', limit: 15 })[0]!.map(([, v]) => v)).toEqual([15, 14, 15])
})

test('the window holds near limits and leaves far ones out', () => {
  const [lo, hi] = valueWindow(rising, limits, 0, 100)
  expect(hi).toBeGreaterThan(92)
  expect(lo).toBeLessThan(84)
  expect(lo).toBeGreaterThan(15)
})

test('noise is not magnified to fill the picture', () => {
  const flat = { t: [0, 1], min: [50, 50.01], max: [50, 50.01], gaps: [] as [number, number][] }
  const [lo, hi] = valueWindow(flat, {}, 0, 100)
  expect(hi - lo).toBeGreaterThanOrEqual(8)
})

test('nothing measured still has a scale', () => {
  expect(valueWindow({ t: [], min: [], max: [], gaps: [] }, limits, 0, 100)).toEqual([0, 100])
  expect(lastPoint({ t: [], min: [], max: [], gaps: [] })).toBeNull()
})

test('the table has the newest first and the extremes of each stretch', () => {
  const columns = { t: [0, 1, 2, 3, 4], min: [1, null, 3, 4, 5], max: [2, null, 4, 5, 6], gaps: [] as [number, number][] }
  expect(tableRows(columns, 3)).toEqual([
    { t: 4, min: 4, max: 6, mean: null, good: null },
    { t: 2, min: 3, max: 4, mean: null, good: null },
    { t: 0, min: 1, max: 2, mean: null, good: null },
  ])
})

const signal = (f: (s: number) => number) => {
  const t = Array.from({ length: 11 }, (_, i) => i * 60)
  return { t, min: t.map(f), max: t.map(f), gaps: [] as [number, number][] }
}

test('the rate is a slope in units per minute, and unknown with too little', () => {
  expect(ratePerMinute(signal((s) => 80 + s * 0.005))).toBeCloseTo(0.3, 6)
  expect(ratePerMinute({ t: [0, 60], min: [1, 2], max: [1, 2], gaps: [] })).toBeNull()
})

test('a step, or a rise that has turned, is no trend', () => {
  expect(ratePerMinute(signal((s) => (s < 420 ? 40 : 90)))).toBe(0)
  expect(ratePerMinute(signal((s) => (s < 300 ? s : 600 - s)))).toBe(0)
})

test('gaps thinner than the line are not drawn, long ones always are', () => {
  const gaps: [number, number][] = [[0, 17], [100, 240]]
  expect(visibleGaps(gaps, 3600)).toEqual([[100, 240]])
  expect(visibleGaps(gaps, 7 * 86_400)).toEqual([])
})

test('an arrival is foretold only when the value moves there', () => {
  expect(secondsTo(90, 88, 0.2, 0.02)).toBeCloseTo(600)
  expect(secondsTo(90, 88, -0.2, 0.02)).toBeNull()
  expect(secondsTo(90, 88, 0.001, 0.02)).toBeNull()
  expect(secondsTo(90, 88, null, 0.02)).toBeNull()
})

test('what was under each finger stays under it', () => {
  const start = { from: 0, to: 100 }
  const span = pinched(start, [25, 75], [0, 100], 100)
  expect(span).toEqual({ from: 25, to: 75 })
  expect(panned(start, 10, 100)).toEqual({ from: -10, to: 90 })
  expect(within({ from: -10, to: 90 }, start)).toEqual({ from: 0, to: 100 })
  expect(within({ from: 90, to: 120 }, start)).toEqual({ from: 70, to: 100 })
})

test('the numbers are always there as a table, too', async () => {
  const wrapper = mount(TrendChart, { props: { title: '事件前后 1 小时', columns: rising, from: 0, to: 400, unit: '%', decimals: 1, limits } })
  expect(wrapper.find('[role=img]').attributes('aria-label')).toBe('事件前后 1 小时，最新 92.0 %')
  expect(wrapper.find('table').exists()).toBe(false)
  await wrapper.find('button').trigger('click')
  expect(wrapper.findAll('tbody tr')).toHaveLength(5)
  expect(wrapper.find('tbody td:last-child').text()).toBe('92.0')
})

test('what was not all good is told as stretches up to the next sample', () => {
  expect(doubtful({ t: [0, 10, 20, 30, 40], good: [1, 0.5, 0, 1, 0.9] })).toEqual([
    [10, 30],
    [40, 40],
  ])
  expect(doubtful({ t: [0, 10] })).toEqual([])
})

test('the table tells the mean and how much was good', () => {
  const columns = { t: [0, 1, 2, 3], min: [1, 2, 3, 4], max: [2, 3, 4, 5], mean: [1.5, 2.5, 3.5, 4.5], good: [1, 1, 0.5, 1], gaps: [] as [number, number][] }
  expect(tableRows(columns, 2)).toEqual([
    { t: 3, min: 3, max: 5, mean: 4, good: 0.75 },
    { t: 1, min: 1, max: 3, mean: 2, good: 1 },
  ])
})
