import { readFileSync } from 'node:fs'
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import AreaMap from '@/components/map/AreaMap.vue'
import { project } from '@/components/map/geometry'

const map = JSON.parse(readFileSync('src/assets/zibo-districts-schematic.geojson', 'utf8')) as Parameters<typeof project>[0]

test('north is up, and every label lies inside the picture', () => {
  const { districts, height } = project(map, 176)
  const place = (name: string) => districts.find((d) => d.name === name)!
  expect(districts).toHaveLength(8)
  expect(place('高青县').y).toBeLessThan(place('沂源县').y)
  expect(place('周村区').x).toBeLessThan(place('临淄区').x)
  for (const d of districts) {
    expect(d.x).toBeGreaterThan(0)
    expect(d.x).toBeLessThan(176)
    expect(d.y).toBeLessThan(height)
  }
})

test('each district is a button that says its level, and is drawn plain without one', async () => {
  const wrapper = mount(AreaMap, { props: { levels: { '370305': 3, '370321': null } } })
  const areas = wrapper.findAll('[role=button]')
  const linzi = areas.find((a) => a.attributes('aria-label') === '临淄区 红 重大')!
  expect(linzi.classes()).toContain('red')
  expect(areas.find((a) => a.attributes('aria-label') === '桓台县')!.classes()).not.toContain('known')
  await linzi.trigger('keydown', { key: 'Enter' })
  expect(wrapper.emitted('select')).toEqual([['370305']])
})
