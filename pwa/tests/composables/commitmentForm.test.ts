import { expect, test } from 'vitest'
import type { CommitmentContent, CommitmentDraft, Evidence } from '@/api/types'
import { contradictions, draftForDay, faultsOf, isLate, splitEvidence, suggestedLevel, toFiling } from '@/composables/commitmentForm'

const content = {
  unitsTotal: 6, unitsRunning: 5, unitsStopped: 1, unitsMaintenance: 0, hotWorkSpecial: 0, hotWork1: 1, hotWork2: 0, confinedSpace: 0, blindPlate: 0, workAtHeight: 0, lifting: 0,
  temporaryPower: 0, excavation: 0, roadClosure: 0, contractorJobs: 0, maintenanceJobs: 0, tankTransfers: 0, tankCleanings: 0, drainings: 0, changes: 0, trialProduction: false,
  startUpShutDown: false, pilotTest: false, dutyLeader: '周启明', dutyPhone: '13800001190', majorHiddenHazard: false, hazardsSafe: true, responsibleInPlace: true, riskLevel: 3, note: '',
} satisfies CommitmentContent

const evidence = (field: Evidence['field'], over: Partial<Evidence> = {}): Evidence => ({
  field, yesterday: 0, proposed: content[field], changed: false, judgement: false, source: 'previous', detail: { reportNumbers: [], previousOn: '2026-11-23', openAlarms: null }, ...over,
})

const draft: CommitmentDraft = {
  commitOn: '2026-11-24', enterpriseId: 'e', enterpriseName: 'E', state: 'not_due', opensAt: '2026-11-24T06:00:00+08:00', dueAt: '2026-11-24T10:00:00+08:00', endsAt: '2026-11-25T00:00:00+08:00',
  isOpen: true, lateReasonRequired: false, commitmentId: null, version: null, basis: { commitOn: '2026-11-23', version: 1, filedAt: '2026-11-23T07:50:00+08:00', signerName: '陈' }, content,
  evidence: [evidence('hotWork1', { changed: true, source: 'work_reports' }), evidence('unitsTotal'), evidence('hazardsSafe', { judgement: true }), evidence('riskLevel', { judgement: true, changed: true })],
  changed: ['hotWork1'], warnings: [{ kind: 'open_alarms', field: 'hazardsSafe', said: 1, found: 2, words: '' }],
}
const form = (over: Partial<CommitmentContent> = {}) => ({ content: { ...content, ...over }, lateReason: null, lateNote: '', changeReason: '' })
const BEFORE = Date.parse('2026-11-24T07:53:00+08:00')
const AFTER = Date.parse('2026-11-24T10:20:00+08:00')

test('only differences are asked; judgements are never among the folded ones', () => {
  const { differences, same } = splitEvidence(draft)
  expect(differences.map((e) => e.field)).toEqual(['hotWork1'])
  expect(same.map((e) => e.field)).toEqual(['unitsTotal'])
})

test('without an earlier filing everything is looked at', () => {
  const { differences, same } = splitEvidence({ ...draft, basis: null })
  expect(differences).toEqual([])
  expect(same.map((e) => e.field)).toEqual(['hotWork1', 'unitsTotal'])
})

test('an old copy becomes today’s draft with today’s hours and no claim about today’s work', () => {
  const tomorrow = draftForDay({ ...draft, version: 2, commitmentId: 'c' }, '2026-11-25')
  expect(tomorrow).toMatchObject({ commitOn: '2026-11-25', version: null, commitmentId: null, warnings: [] })
  expect(new Date(tomorrow.dueAt).toISOString()).toBe('2026-11-25T02:00:00.000Z')
  expect(tomorrow.evidence.every((e) => !e.changed && e.source === 'previous')).toBe(true)
  expect(draftForDay(draft, '2026-11-24')).toBe(draft)
})

test('a level is suggested from the day’s work as the server does', () => {
  expect(suggestedLevel(content)).toBe(3)
  expect(suggestedLevel({ ...content, hotWork1: 0 })).toBe(4)
  expect(suggestedLevel({ ...content, hotWorkSpecial: 1 })).toBe(2)
})

test('after the deadline a reason is needed, and “other” needs words', () => {
  expect(isLate(draft, BEFORE)).toBe(false)
  expect(faultsOf(form(), draft, BEFORE)).toEqual([])
  expect(faultsOf(form(), draft, AFTER)).toEqual(['lateReason'])
  expect(faultsOf({ ...form(), lateReason: 'other' }, draft, AFTER)).toEqual(['lateNote'])
  expect(faultsOf({ ...form(), lateReason: 'power_cut' }, draft, AFTER)).toEqual([])
})

test('a correction needs a reason and no late reason', () => {
  expect(faultsOf(form(), { ...draft, version: 1 }, AFTER)).toEqual(['changeReason'])
})

test('what is not safe is explained, and parts do not exceed the whole', () => {
  expect(faultsOf(form({ hazardsSafe: false, note: '短' }), draft, BEFORE)).toEqual(['note'])
  expect(faultsOf(form({ unitsRunning: 7 }), draft, BEFORE)).toEqual(['units'])
  expect(faultsOf(form({ dutyLeader: ' ', dutyPhone: '1' }), draft, BEFORE)).toEqual(['dutyLeader', 'dutyPhone'])
})

test('a contradiction is shown as long as the claim stands', () => {
  expect(contradictions(content, draft)).toHaveLength(1)
  expect(contradictions({ ...content, hazardsSafe: false }, draft)).toEqual([])
})

test('the filing carries the moment of signing, and reasons only where they belong', () => {
  const early = toFiling('id', { ...form(), lateReason: 'forgotten', changeReason: 'x' }, draft, 'M1 1h.1', BEFORE)
  expect(early).toMatchObject({ id: 'id', commitOn: '2026-11-24', signedAt: '2026-11-23T23:53:00.000Z', lateReason: null, changeReason: '' })
  expect(toFiling('id', { ...form(), lateReason: 'forgotten' }, draft, '', AFTER).lateReason).toBe('forgotten')
})
