import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import LevelChip from '@/components/level/LevelChip.vue'
import LevelMark from '@/components/level/LevelMark.vue'
import LevelTile from '@/components/level/LevelTile.vue'
import { levelName, SHAPES } from '@/components/level/levels'

test.each([
  [3, 'red', '红 重大'],
  [2, 'orange', '橙 较大'],
  [1, 'yellow', '黄 一般'],
  [0, 'blue', '蓝 低'],
  [null, 'stale', '无数据'],
])('level %s has its own shape, word and colour', (level, name, word) => {
  const chip = mount(LevelChip, { props: { level } })
  expect(chip.classes()).toContain(name)
  expect(chip.text()).toBe(word)
  expect(levelName(level)).toBe(name)
})

test('the four shapes differ, so that colour is never alone', () => {
  expect(new Set(Object.values(SHAPES)).size).toBe(4)
})

test('no data is a dashed ring, not a level', () => {
  expect(mount(LevelMark, { props: { level: null } }).find('circle').exists()).toBe(true)
})

test('a tile is filled only while nobody has acknowledged, and says its level to readers', () => {
  const seen = mount(LevelTile, { props: { level: 3, text: 'HH' } })
  const unseen = mount(LevelTile, { props: { level: 3, text: 'HH', unacknowledged: true } })
  expect(seen.classes()).not.toContain('un')
  expect(unseen.classes()).toContain('un')
  expect(unseen.find('.sr').text()).toBe('红 重大')
})
