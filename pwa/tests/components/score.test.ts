import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import Waterfall from '@/components/score/Waterfall.vue'

const contributions = [
  { key: 'a', name: '超限程度', reason: 'T-205 液位 86.0 %，高于高限 85 %', points: 41.1 },
  { key: 'b', name: '固有风险', reason: '二级重大危险源', points: 11.2 },
  { key: 'c', name: '数据缺失', reason: '15分钟无数据', points: 0.4 },
]

test('each bar starts where the last one ended, and the sum is printed', () => {
  const wrapper = mount(Waterfall, { props: { contributions, total: 52.7 } })
  const starts = wrapper.findAll('.track i').map((bar) => Number.parseFloat((bar.element as HTMLElement).style.left))
  expect(starts).toEqual([0, 41.1, expect.closeTo(52.3, 6)])
  expect(wrapper.find('.sum').text()).toContain('52.7')
  expect(wrapper.findAll('.reason').map((r) => r.text())).toEqual(contributions.map((c) => c.reason))
})
