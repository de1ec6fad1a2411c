import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { EnterpriseMark, RiskCounts } from '@/api/types'
import CityMap from '@/components/map/CityMap.vue'
import { places } from '@/components/map/placing'
import { schematic } from '@/components/map/schematic'

const { districts } = schematic(330)
const linzi = districts.find((d) => d.adcode === '370305')!

test('marks stand apart from each other and from the name, nearest first', () => {
  const { at, step } = places(linzi, 12)
  expect(at).toHaveLength(12)
  expect(step).toBe(17)
  for (const [i, a] of at.entries()) {
    expect(Math.abs(a.x - linzi.x) > 18 || Math.abs(a.y - linzi.y) > 8).toBe(true)
    for (const b of at.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(step - 0.01)
  }
})

test('four hundred enterprises of one district find room by standing closer', () => {
  const { at, step } = places(linzi, 150)
  expect(at.length).toBe(150)
  expect(step).toBeLessThan(12)
  expect(places(linzi, 5000).at.length).toBeLessThan(5000)
  expect(places(linzi, 0).at).toEqual([])
})

const mark = (n: number, over: Partial<EnterpriseMark> = {}): EnterpriseMark => ({ enterpriseId: `e${n}`, shortName: `企业${n}`, adcode: '370305', level: 0, isStale: false, ...over })
const area = (adcode: string, name: string, total: number): RiskCounts['districts'][number] => ({ adcode, name, nameEn: name, total, red: 0, orange: 0, yellow: 0, blue: total, unscored: 0 })
const areas = [area('370305', '临淄区', 4), area('3703A1', '高新区', 1)]

test('each enterprise is a mark of its colour, a stale one has none, and zones without an outline are named', () => {
  const marks = [mark(1, { level: 3 }), mark(2), mark(3, { level: 2, isStale: true }), mark(4, { adcode: '3703A1' })]
  const wrapper = mount(CityMap, { props: { marks, areas, adcode: null } })
  expect(wrapper.findAll('.mark').map((m) => m.classes().filter((c) => c !== 'mark'))).toEqual([['red'], ['blue'], ['stale']])
  expect(wrapper.find('[aria-label="临淄区 红 重大"]').exists()).toBe(true)
  expect(wrapper.find('.chips').text()).toBe('高新区 1')
})

test('a tap on a district narrows the list to it, a second one widens it again', async () => {
  const wrapper = mount(CityMap, { props: { marks: [mark(1)], areas, adcode: null } })
  const outline = () => wrapper.find('.area[aria-label^="临淄区"]')
  await outline().trigger('click')
  expect(wrapper.emitted('update:adcode')).toEqual([['370305']])
  await wrapper.setProps({ adcode: '370305' })
  expect(outline().attributes('aria-pressed')).toBe('true')
  await outline().trigger('click')
  expect(wrapper.emitted('update:adcode')![1]).toEqual([null])
})

test('a chosen colour stands out from the others', () => {
  const wrapper = mount(CityMap, { props: { marks: [mark(1, { level: 1 }), mark(2)], areas, adcode: null, level: 1 } })
  expect(wrapper.findAll('.mark.off')).toHaveLength(1)
})
