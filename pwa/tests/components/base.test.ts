import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import { ApiProblem } from '@/api/problem'
import ChoiceButtons from '@/components/base/ChoiceButtons.vue'
import DataTime from '@/components/base/DataTime.vue'
import EvidenceChip from '@/components/base/EvidenceChip.vue'
import ListState from '@/components/base/ListState.vue'
import LongName from '@/components/base/LongName.vue'
import NumberStepper from '@/components/base/NumberStepper.vue'
import StateChip from '@/components/base/StateChip.vue'
import StickyBar from '@/components/base/StickyBar.vue'
import TextField from '@/components/base/TextField.vue'
import TimelineChain from '@/components/base/TimelineChain.vue'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('an evidence chip leads to its record, and is plain text without one', () => {
  const slots = { default: '来自今日作业报备' }
  expect(mount(EvidenceChip, { props: { icon: 'ticket', to: '/work' }, slots }).find('a').attributes('href')).toBe('/work')
  expect(mount(EvidenceChip, { props: { icon: 'ticket' }, slots }).find('a').exists()).toBe(false)
})

test('a held state is hatched, others are not', () => {
  expect(mount(StateChip, { props: { tone: 'held' } }).classes()).toContain('hatch')
  expect(mount(StateChip, { props: { tone: 'go' } }).classes()).not.toContain('hatch')
})

test('the data time shows a ring when the page no longer follows', () => {
  const at = Date.parse('2026-11-24T09:46:05+08:00')
  const live = mount(DataTime, { props: { at } })
  expect(live.text()).toContain('09:46:05')
  expect(live.classes()).not.toContain('off')
  expect(mount(DataTime, { props: { at, live: false } }).classes()).toContain('off')
  expect(mount(DataTime, { props: { at: null } }).text()).toContain('—')
})

test('the sticky bar has a note line only when there is something to say', () => {
  expect(mount(StickyBar, { slots: { default: '<button>x</button>' } }).find('.note').exists()).toBe(false)
  expect(mount(StickyBar, { slots: { default: '<button>x</button>', note: '4 处变化' } }).text()).toContain('4 处变化')
})

test('a timeline tells what happened, what is now and what is owed', () => {
  const wrapper = mount(TimelineChain, {
    props: {
      steps: [
        { key: 1, title: '发出报警', at: '09:41:08', state: 'level', level: 2 },
        { key: 2, title: '王建国 已确认', at: '09:41:52', note: '用时 44 秒', state: 'now' },
        { key: 3, title: '恢复正常', state: 'owed' },
      ],
    },
  })
  expect(wrapper.findAll('li').map((li) => li.classes()[0])).toEqual(['level', 'now', 'owed'])
  expect(wrapper.find('li').classes()).toContain('orange')
  expect(wrapper.findAll('b')).toHaveLength(2)
})

test('a stepper keeps its bounds and names what it counts', async () => {
  const wrapper = mount(NumberStepper, { props: { label: '一级动火作业', modelValue: 0, max: 2, 'onUpdate:modelValue': (n: number) => wrapper.setProps({ modelValue: n }) } })
  const [less, more] = wrapper.findAll('button')
  expect(less!.attributes('disabled')).toBeDefined()
  expect(more!.attributes('aria-label')).toBe('一级动火作业 加一')
  for (let i = 0; i < 3; i += 1) await more!.trigger('click')
  expect(wrapper.props('modelValue')).toBe(2)
  await wrapper.find('input').setValue('99')
  expect(wrapper.props('modelValue')).toBe(2)
})

test('choices are radios of which one is on', async () => {
  const wrapper = mount(ChoiceButtons, { props: { label: '级别', modelValue: 'a', options: [{ value: 'a', text: '特级' }, { value: 'b', text: '一级' }] } })
  await wrapper.findAll('button')[1]!.trigger('click')
  expect(wrapper.emitted('update:modelValue')).toEqual([['b']])
  expect(wrapper.findAll('button').map((b) => b.attributes('aria-checked'))).toEqual(['false', 'true'])
})

test('a field says what is wrong beneath it, and readers hear it with the field', () => {
  const wrapper = mount(TextField, { props: { label: '作业地点', modelValue: '', error: '请写作业地点。' } })
  const input = wrapper.find('input')
  expect(input.attributes('aria-invalid')).toBe('true')
  expect(wrapper.find(`#${input.attributes('aria-describedby')}`).text()).toBe('请写作业地点。')
})

test('a long name breaks around 公司, not inside a word', () => {
  const wrapper = mount(LongName, { props: { name: '山东砚石新材料股份有限公司齐鲁化学工业区第二储运分公司' } })
  expect(wrapper.html().replace(/<wbr[^>]*>/g, '|').replace(/<[^>]*>|\s/g, '')).toBe('山东砚石新材料|股份有限公司|齐鲁化学工业区第二储运分公司')
  expect(wrapper.text()).toBe('山东砚石新材料股份有限公司齐鲁化学工业区第二储运分公司')
})

const list = (props: Partial<InstanceType<typeof ListState>['$props']> = {}) =>
  mount(ListState, { props: { pending: false, error: null, empty: false, subject: '报警', ...props }, slots: { default: '<p class="rows">rows</p>', empty: '<button>清除筛选</button>' } })

test('a list shows a skeleton after a second and an excuse after eight', async () => {
  const wrapper = list({ pending: true })
  expect(wrapper.find('.sk').exists()).toBe(false)
  vi.advanceTimersByTime(1000)
  await nextTick()
  expect(wrapper.find('.sk').exists()).toBe(true)
  expect(wrapper.text()).not.toContain('网络慢')
  vi.advanceTimersByTime(7000)
  await nextTick()
  expect(wrapper.text()).toContain('网络慢，仍在取')
  await wrapper.find('button').trigger('click')
  expect(wrapper.emitted('retry')).toHaveLength(1)
})

test('a failure says what was not fetched and how to go on, with a reference', async () => {
  const wrapper = list({ pending: true, error: new ApiProblem(503, 'unavailable') })
  expect(wrapper.text()).toContain('没有取到报警')
  expect(wrapper.text()).toContain('503 unavailable')
  await wrapper.find('button').trigger('click')
  expect(wrapper.emitted('retry')).toHaveLength(1)
})

test('a failure with rows in hand leaves the rows alone', () => {
  expect(list({ error: new ApiProblem(0, 'offline') }).find('.rows').exists()).toBe(true)
})

test('an empty list offers what can be done', () => {
  const wrapper = list({ empty: true, emptyTitle: '红色：0 条' })
  expect(wrapper.text()).toContain('红色：0 条')
  expect(wrapper.text()).toContain('清除筛选')
})
