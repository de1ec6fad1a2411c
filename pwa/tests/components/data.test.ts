import { expect, test } from 'vitest'
import type { AccessContact, AccessLine, CoverageRow, Gap, GapChange, Gateway, PointNow, Region, StateCounts } from '@/api/types'
import { contactGap, contactPlaces, contactRank, keptAreas } from '@/components/access/contacts'
import { blockerOf, contradictions, doneOnOf, missingOf, signedText } from '@/components/access/words'
import { clockText, gatewayState } from '@/components/gateway/words'
import { conditionText, darkText, offeredConditions } from '@/components/monitoring/conditions'
import { changeText, deadlineGap } from '@/components/outage/changes'
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
  const row = { tanksMissing: 2, detectorsMissing: 0, pointsMissing: 5, limitsMissing: 0, tanksUnsigned: 0, detectorsUnsigned: 0 } as CoverageRow
  expect(missingOf(row)).toEqual(['2 座储罐没有点位', '5 个点位没有上数'])
  expect(missingOf({ ...row, tanksMissing: 0, pointsMissing: 0 })).toEqual([])
  expect(missingOf({ ...row, tanksMissing: 0, pointsMissing: 0, tanksUnsigned: 3, detectorsUnsigned: 1 })).toEqual(['3 座储罐限值未签', '1 台探测器限值未签'])
})

test('signed limits are counted by what there is', () => {
  const facts = { tanks: 8, tanksSigned: 5, detectors: 12, detectorsSigned: 0 }
  expect(signedText(facts)).toBe('储罐 5/8 · 探测器 0/12')
  expect(signedText({ ...facts, detectors: 0 })).toBe('储罐 5/8')
  expect(signedText({ ...facts, tanks: 0, detectors: 0 })).toBe('没有储罐和探测器')
})

test('the day a step was done stays unless it is said anew', () => {
  const step = { doneOn: '2026-11-01' }
  expect(doneOnOf('keep', step, '2026-11-24')).toBe('2026-11-01')
  expect(doneOnOf('done', step, '2026-11-24')).toBe('2026-11-24')
  expect(doneOnOf('due', step, '2026-11-24')).toBeNull()
})

const REGIONS = [
  { adcode: '370300', name: '淄博市', nameEn: 'Zibo', kind: 'city', parentAdcode: null },
  { adcode: '370305', name: '临淄区', nameEn: 'Linzi', kind: 'district', parentAdcode: '370300' },
  { adcode: '370321', name: '桓台县', nameEn: 'Huantai', kind: 'county', parentAdcode: '370300' },
] as Region[]

test('a district names its own people, the city everybody, an enterprise nobody of a district', () => {
  expect([...keptAreas({ role: 'district_regulator', adcode: '370305' }, REGIONS)]).toEqual(['370305'])
  expect([...keptAreas({ role: 'city_regulator', adcode: '370300' }, REGIONS)]).toEqual(['370300', '370305', '370321'])
  expect(keptAreas({ role: 'administrator', adcode: null }, REGIONS).size).toBe(3)
  expect(keptAreas({ role: 'safety_officer', adcode: null }, REGIONS).size).toBe(0)
  expect(keptAreas(null, REGIONS).size).toBe(0)
})

test('a kept district without anybody is shown, another one is not', () => {
  const contacts = [{ id: '1', adcode: '370321', enterpriseId: null }, { id: '2', adcode: '370305', enterpriseId: 'e' }] as AccessContact[]
  const shown = contactPlaces(contacts, REGIONS, new Set(['370305']))
  expect(shown.map((place) => [place.name, place.contacts.length])).toEqual([['临淄区', 0], ['桓台县', 1]])
})

test('a contact is of the city, a district or an enterprise', () => {
  expect(contactRank({ adcode: '370300', enterpriseId: null })).toBe('city')
  expect(contactRank({ adcode: '370305', enterpriseId: null })).toBe('district')
  expect(contactRank({ adcode: '370305', enterpriseId: 'e' })).toBe('enterprise')
})

test('a contact needs a name and a telephone, a correction its reason', () => {
  expect(contactGap({ name: ' ', phone: '0533', reason: '' }, false)).toBe('name')
  expect(contactGap({ name: '韩雪', phone: '1', reason: '' }, false)).toBe('phone')
  expect(contactGap({ name: '韩雪', phone: '0533', reason: '' }, false)).toBe('')
  expect(contactGap({ name: '韩雪', phone: '0533', reason: '换' }, true)).toBe('reason')
})

const change = (changes: Partial<GapChange>) => ({ kind: 'owner', fromOwnerName: '', toOwnerName: '王建国', fromDueAt: null, toDueAt: null, ...changes }) as GapChange

test('the history of a gap is told in sentences', () => {
  expect(changeText(change({}), NOW)).toBe('责任人定为 王建国')
  expect(changeText(change({ fromOwnerName: '李敏' }), NOW)).toBe('李敏 移交给 王建国')
  expect(changeText(change({ kind: 'deadline', fromDueAt: '2026-11-24T04:00:00Z', toDueAt: '2026-11-24T08:00:00Z' }), NOW)).toBe('期限由 12:00 改为 16:00')
})

test('a deadline leaves an hour, differs from the old one, and has a reason', () => {
  const old = { dueAt: '2026-11-24T04:00:00Z' }
  expect(deadlineGap(old, NOW + 60_000, '厂家到场', NOW)).toBe('early')
  expect(deadlineGap(old, Number.NaN, '厂家到场', NOW)).toBe('early')
  expect(deadlineGap(old, Date.parse(old.dueAt), '厂家到场', NOW)).toBe('same')
  expect(deadlineGap(old, NOW + 7_200_000, ' ', NOW)).toBe('reason')
  expect(deadlineGap(old, NOW + 7_200_000, '厂家到场', NOW)).toBe('')
})

const standing = (changes: Partial<PointNow>) => ({ condition: 'live', since: null, filedUntil: null, ...changes }) as PointNow

test('a point says its state in words and since when', () => {
  expect(conditionText(standing({}), NOW)).toBe('在线')
  expect(conditionText(standing({ condition: 'never_seen' }), NOW)).toBe('从未上线')
  expect(conditionText(standing({ condition: 'frozen', since: '2026-11-23T23:00:00Z' }), NOW)).toBe('冻结 · 自 07:00，已 2 小时')
  expect(conditionText(standing({ condition: 'bad' }), NOW)).toBe('坏值')
  expect(conditionText(standing({ condition: 'filed', since: '2026-11-24T00:00:00Z', filedUntil: '2026-11-24T08:00:00Z' }), NOW)).toBe('已报备离线 · 08:00 至 16:00')
})

test('a filter offers the states that there are, and the chosen one when it has just emptied', () => {
  const counts = { live: 40, stale: 0, bad: 1, frozen: 0, outOfRange: 0, neverSeen: 2, outOfService: 0, filed: 3 } as StateCounts
  expect(offeredConditions(counts, null).map((each) => each.state)).toEqual(['bad', 'never_seen', 'filed', 'live'])
  expect(offeredConditions(counts, 'frozen').map((each) => [each.state, each.n])).toContainEqual(['frozen', 0])
})

test('a place without data says why, if all its points agree', () => {
  expect(darkText([standing({ condition: 'filed' }), standing({ condition: 'filed' })])).toBe('报备')
  expect(darkText([standing({ condition: 'filed' }), standing({ condition: 'stale' })])).toBe('中断')
  expect(darkText([])).toBe('中断')
})
