import { expect, test } from 'vitest'
import type { AccessLine, CoverageRow, Gap, Gateway } from '@/api/types'
import { blockerOf, contradictions, missingOf } from '@/components/access/words'
import { clockText, gatewayState } from '@/components/gateway/words'
import { gapLength, gapStanding, stopHours } from '@/components/outage/words'

const NOW = Date.parse('2026-11-24T09:00:00+08:00')
const gateway = (changes: Partial<Gateway>) => ({ active: true, filed: false, online: true, lastFrameAt: '2026-11-24T01:00:00Z', ...changes }) as Gateway

test('a gateway that is filed off line is never called on line', () => {
  expect(gatewayState(gateway({}))).toBe('online')
  expect(gatewayState(gateway({ filed: true }))).toBe('filed')
  expect(gatewayState(gateway({ online: false }))).toBe('lost')
  expect(gatewayState(gateway({ online: false, lastFrameAt: null }))).toBe('never')
  expect(gatewayState(gateway({ active: false, filed: true }))).toBe('retired')
})

test('a clock says in which direction it is wrong, or that nobody knows', () => {
  const at = '2026-11-24T01:00:00Z'
  expect(clockText({ behindS: 12, at, isWrong: true })).toBe('慢 12 秒')
  expect(clockText({ behindS: -8, at, isWrong: true })).toBe('快 8 秒')
  expect(clockText({ behindS: -0.34, at, isWrong: false })).toBe('准，差 0.3 秒')
  expect(clockText(null)).toContain('无法判断')
})

const gap = (changes: Partial<Gap>) => ({ beganAt: '2026-11-24T00:00:00Z', endedAt: null, state: 'open', dueAt: '2026-11-24T01:30:00Z', closedHow: null, filedUntil: null, ...changes }) as Gap

test('a gap says how long it lasts, and what it still asks for', () => {
  expect(gapLength(gap({}), NOW)).toBe('1 小时，仍未恢复')
  expect(gapLength(gap({ endedAt: '2026-11-24T00:40:00Z' }), NOW)).toBe('40 分')
  expect(gapStanding(gap({}), NOW)).toBe('09:30 前说明')
  expect(gapStanding(gap({ state: 'overdue', dueAt: '2026-11-24T00:00:00Z' }), NOW)).toBe('逾期 1 小时')
  expect(gapStanding(gap({ state: 'filed', filedUntil: '2026-11-24T04:00:00Z' }), NOW)).toBe('至 12:00')
  expect(gapStanding(gap({ state: 'closed', closedHow: 'backfill' }), NOW)).toBe('补传关闭')
})

test('the hours of a stop name the second day only where it is another one', () => {
  expect(stopHours({ startsAt: '2026-11-25T00:00:00Z', endsAt: '2026-11-25T10:00:00Z' })).toBe('11月25日 08:00 至 18:00')
  expect(stopHours({ startsAt: '2026-11-25T00:00:00Z', endsAt: '2026-11-25T17:00:00Z' })).toBe('11月25日 08:00 至 11月26日 01:00')
})

test('a line of the ledger names what differs and what holds it up', () => {
  const line = { steps: [{ step: 'surveyed', blocker: '', contradiction: null }, { step: 'powered', blocker: '等停车', contradiction: 'filed_not_seen' }] } as AccessLine
  expect(contradictions(line).map((step) => step.step)).toEqual(['powered'])
  expect(blockerOf(line)).toBe('等停车')
})

test('coverage says what is missing, and nothing where nothing is', () => {
  const row = { tanksMissing: 2, detectorsMissing: 0, pointsMissing: 5, limitsMissing: 0 } as CoverageRow
  expect(missingOf(row)).toEqual(['2 座储罐没有点位', '5 个点位没有上数'])
  expect(missingOf({ ...row, tanksMissing: 0, pointsMissing: 0 })).toEqual([])
})
