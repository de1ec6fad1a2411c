import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import LimitRuler from '@/components/limits/LimitRuler.vue'
import MiniRuler from '@/components/limits/MiniRuler.vue'
import { tankTitle } from '@/components/monitoring/tankTitle'
import UprightGauge from '@/components/monitoring/UprightGauge.vue'

test('a tank is called by code and name, and by neither twice', () => {
  expect(tankTitle({ code: 'TK-101', name: '甲苯储罐' })).toBe('TK-101 甲苯储罐')
  expect(tankTitle({ code: 'TK-101', name: 'TK-101 甲苯储罐' })).toBe('TK-101 甲苯储罐')
})

const limits = { ll: 10, l: 15, h: 85, hh: 90 }
const level = { value: 90.3, limits, rangeLo: 0, rangeHi: 100, unit: '%', decimals: 1, level: 2 }

test('the ruler has four ticks, four bands and one pointer in the colour of the level', () => {
  const wrapper = mount(LimitRuler, { props: level })
  expect(wrapper.findAll('text').map((t) => t.text())).toEqual(['LL 10', 'L 15', 'H 85', 'HH 90'])
  expect(wrapper.findAll('rect[fill^="url"]').map((r) => r.attributes('fill'))).toEqual(['url(#hatch-2)', 'url(#hatch-1)', 'url(#hatch-1)', 'url(#hatch-2)'])
  expect(wrapper.findAll('.pointer')).toHaveLength(1)
  expect(wrapper.classes()).toContain('orange')
  expect(wrapper.find('svg').attributes('aria-label')).toContain('90.3 %')
})

test('without a value there is no pointer, and readers hear a dash', () => {
  const wrapper = mount(LimitRuler, { props: { ...level, value: null, level: null } })
  expect(wrapper.find('.pointer').exists()).toBe(false)
  expect(wrapper.find('svg').attributes('aria-label')).toContain('— %')
})

test('gas has two limits on one side', () => {
  const wrapper = mount(LimitRuler, { props: { value: 26, limits: { h: 25, hh: 50 }, rangeLo: 0, rangeHi: 100, unit: '%LEL', level: 0 } })
  expect(wrapper.findAll('text').map((t) => t.text())).toEqual(['H 25', 'HH 50'])
})

test('the ruler of a row has a needle only for a value', () => {
  expect(mount(MiniRuler, { props: { value: 26, limits } }).find('.needle').exists()).toBe(true)
  expect(mount(MiniRuler, { props: { value: null, limits } }).find('.needle').exists()).toBe(false)
})

test('the gauge fills to the value; no data is hatched, never empty', () => {
  const full = mount(UprightGauge, { props: level })
  expect(Number(full.find('.liquid').attributes('y'))).toBeCloseTo(254 - 0.903 * 240, 3)
  const dark = mount(UprightGauge, { props: { ...level, value: null, level: null } })
  expect(dark.find('.liquid').exists()).toBe(false)
  expect(dark.find('rect[fill="url(#hatch-2)"]').exists()).toBe(true)
})
