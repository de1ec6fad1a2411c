import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { Alarm, AlarmDetail, Delivery } from '@/api/types'
import AlarmRow from '@/components/alarms/AlarmRow.vue'
import { alarmCause, guidance, past, timeline } from '@/components/alarms/words'

const alarm: Alarm = {
  id: 'a1', pointId: 1, tag: 'LT-101', kind: 'level', side: 'high', level: 2, startLevel: 1, worstLevel: 2, limit: 'HH', title: 'TK-101 液位高高报', titleEn: 'TK-101 level high-high', subject: 'TK-101', place: '芳烃罐区',
  medium: '甲苯', tankId: 't', detectorId: null, hazardId: 'h', hazardName: '芳烃罐区', hazardGrade: 2, enterpriseId: 'e', enterpriseName: '澜屿化工', adcode: '370305', unit: '%', decimals: 1, rangeLo: 0, rangeHi: 100,
  limits: { ll: 10, l: 15, h: 85, hh: 90, version: 3 }, limitValue: 90, value: 90.3, valueAt: null, valueState: 'good', startValue: 85.1, worstValue: 90.3, riskLevel: 2, risesAt: null, risesTo: null,
  raisedAt: '2026-11-24T09:41:08+08:00', levelSince: '2026-11-24T09:41:08+08:00', acknowledgedAt: null, acknowledgedBy: null, answerDueAt: null, clearedAt: null, late: false,
}
const row = (over: Partial<Alarm> = {}, props: object = {}) => mount(AlarmRow, { props: { alarm: { ...alarm, ...over }, mayAcknowledge: true, ...props } })

test('a row says what, where, how much, and offers 确认', async () => {
  const wrapper = row()
  expect(wrapper.find('.name').text()).toBe('TK-101 液位高高报')
  expect(wrapper.text()).toContain('芳烃罐区')
  expect(wrapper.find('.big').text()).toBe('90.3%')
  expect(wrapper.find('.tile').classes()).toContain('un')
  await wrapper.find('.ack').trigger('click')
  expect(wrapper.emitted('acknowledge')).toHaveLength(1)
})

test('once seen, by anyone or just here, it offers nothing more', () => {
  expect(row({ acknowledgedAt: '2026-11-24T09:42:00+08:00', acknowledgedBy: '王建国' }).text()).toContain('王建国 已确认')
  const here = row({}, { acknowledging: true })
  expect(here.text()).toContain('你已确认')
  expect(here.find('.ack').exists()).toBe(false)
  expect(here.find('.tile').classes()).not.toContain('un')
})

test('a cleared alarm that nobody saw can still be acknowledged', () => {
  const wrapper = row({ clearedAt: '2026-11-24T09:50:00+08:00', level: null, value: null })
  expect(wrapper.find('.ack').exists()).toBe(true)
  expect(wrapper.find('.big').text()).toBe('90.3%')
})

test('a regulator watches and does not acknowledge', () => {
  expect(row({}, { mayAcknowledge: false }).find('.ack').exists()).toBe(false)
})

test('an alarm known only from late data rang nobody, and nobody owes an answer', () => {
  const wrapper = row({ late: true }, { mayAcknowledge: false })
  expect(wrapper.text()).toContain('补传')
  expect(wrapper.text()).not.toContain('未确认')
  expect(wrapper.find('.tile').classes()).not.toContain('un')
  expect(timeline({ ...detail, late: true }, []).map((step) => step.key)).not.toContain('ack')
})

test('gas says its level, a low limit counts downwards', () => {
  expect(alarmCause({ ...alarm, kind: 'comb_gas' })).toBe('二级')
  expect(alarmCause({ ...alarm, side: 'low', level: 1 })).toBe('L')
  expect(past({ ...alarm, side: 'low', limitValue: -0.3 }, -0.42)).toBeCloseTo(0.12)
})

test('there are first steps for every kind of alarm', () => {
  expect(guidance('level', 'high')[0]).toEqual({ head: '停止进料：', text: '关进料阀，通知上游停泵' })
  expect(guidance('toxic_gas', 'high')).toHaveLength(3)
  expect(guidance('flow', 'low').length).toBeGreaterThan(0)
})

const detail: AlarmDetail = {
  ...alarm, tankName: null, detectorName: null, gatewayOnline: true,
  passport: { version: 3, authorName: '韩松涛', reason: '', basis: '', effectiveFrom: '2026-01-01T00:00:00Z', deadband: 2.5, onDelayS: 60, offDelayS: 60, returnsAt: 87.5, proposalId: null },
  deadlines: { answerDueAt: '2026-11-24T09:56:08+08:00', districtToldAt: null, cityToldAt: null },
  events: [
    { id: 1, at: '2026-11-24T09:41:08+08:00', kind: 'raised', level: 2, riskLevel: 2, value: 90, personName: null, detail: {} },
    { id: 2, at: '2026-11-24T09:41:09+08:00', kind: 'notified', level: 2, riskLevel: 2, value: null, personName: null, detail: {} },
  ],
}
const delivery = (over: Partial<Delivery>): Delivery => ({ id: 'd', personId: 'p', personName: '王建国', role: 'enterprise_operator', alarmId: 'a1', riskLevel: 2, channel: 'web_push', state: 'shown', attempts: 1, queuedAt: '2026-11-24T09:41:09+08:00', acceptedAt: '2026-11-24T09:41:09+08:00', shownAt: '2026-11-24T09:41:13+08:00', detail: '', ...over })

test('the timeline tells who knew when, and what is still owed', () => {
  const steps = timeline(detail, [delivery({}), delivery({ id: 'd2', personId: 'q', personName: '孙立民', shownAt: null })])
  expect(steps.map((s) => s.title)).toEqual(['发出报警', '推送 2 人', '王建国 手机已显示', '企业确认', '恢复正常'])
  expect(steps.map((s) => s.state)).toEqual(['level', 'done', 'now', 'owed', 'owed'])
  expect(steps[3]!.at).toBe('09:56 前')
  expect(steps[4]!.at).toBe('低于 87.5 % 满 1 分')
})

test('without a ledger the event itself is told', () => {
  expect(timeline(detail).map((s) => s.title)).toContain('已通知')
  const rung = (people: number) => timeline({ ...detail, events: [{ ...detail.events[1]!, detail: { people, devices: people } }] })[0]!.title
  expect(rung(3)).toBe('推送 3 人')
  expect(rung(0)).toBe('没有可响铃的手机')
})
