import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { AlarmCounts } from '@/api/types'
import LevelBoard from '@/components/alarms/LevelBoard.vue'

const none = { red: 0, orange: 0, yellow: 0, blue: 0, total: 0 }

test('what is not known is a dash, never a zero', () => {
  const text = mount(LevelBoard, { props: { counts: undefined, unacknowledged: 0 } }).text()
  expect(text).toContain('未确认 —')
  expect(text).not.toMatch(/\d/)
  expect(text).not.toContain('无')
})

test('what is not zero stands out, and says how many nobody has seen', () => {
  const counts: AlarmCounts = { at: '', today: 3, open: { ...none, red: 1, yellow: 2, total: 3 }, unacknowledged: { ...none, red: 1, total: 1 }, acknowledged: { ...none, yellow: 2, total: 2 } }
  const cells = mount(LevelBoard, { props: { counts, unacknowledged: 1 } }).findAll('.cell')
  expect(cells.map((cell) => cell.find('.num').text())).toEqual(['1', '0', '2', '0'])
  expect(cells.map((cell) => cell.find('.num').classes().includes('zero'))).toEqual([false, true, false, true])
  expect(cells[0]!.text()).toContain('1 未确认')
  expect(cells[2]!.text()).toContain('无待确认')
})
