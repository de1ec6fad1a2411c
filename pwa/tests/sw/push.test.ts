import { expect, test } from 'vitest'
import { notificationOf, safePath } from '@/sw/push'

test('red and orange stay on the screen, and an alarm can be acknowledged from it', () => {
  const red = notificationOf({ title: '◆ 红 重大 · TK-101 液位高高报', alarmId: 'a1', riskLevel: 3, tag: 'alarm-a1', url: '/alarms/a1' }, 'zh-CN')
  expect(red.options).toMatchObject({ requireInteraction: true, tag: 'alarm-a1', data: { url: '/alarms/a1' } })
  expect(red.options.actions?.map((a) => a.title)).toEqual(['确认', '查看'])
  const blue = notificationOf({ title: '● 蓝 低', alarmId: 'a2', riskLevel: 0 }, 'en')
  expect(blue.options).toMatchObject({ requireInteraction: false, data: { url: '/alarms/a2' } })
})

test('a push that cannot be read still shows something', () => {
  expect(notificationOf({ title: '' }, 'zh-CN').title).toBe('安澜有新消息')
})

test('a tap leads only into this app', () => {
  expect(safePath('/alarms/a1', 'https://anlan.test')).toBe('/alarms/a1')
  expect(safePath('https://evil.test/x', 'https://anlan.test')).toBe('/')
  expect(safePath('//evil.test/x', 'https://anlan.test')).toBe('/')
  expect(safePath(undefined, 'https://anlan.test')).toBe('/')
})
