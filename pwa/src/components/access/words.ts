import type { AccessLine, AccessStepRow, CoverageRow } from '@/api/types'
import type { IconName } from '@/components/base/icons'
import { t } from '@/i18n'

type StepState = AccessStepRow['state']

export const STEP_ICONS: Record<StepState, IconName> = { done: 'check', blocked: 'barrier', overdue: 'clock', due: 'calendar', open: 'minus' }
export const STEP_TONES: Record<StepState, 'go' | 'bad' | 'held' | undefined> = { done: 'go', blocked: 'held', overdue: 'bad', due: undefined, open: undefined }

/** Steps in which the ledger and the system differ. */
export function contradictions(line: AccessLine): AccessStepRow[] {
  return line.steps.filter((step) => step.contradiction)
}

/** What holds a line up, in the words that were filed. */
export function blockerOf(line: AccessLine): string {
  return line.steps.find((step) => step.blocker)?.blocker ?? ''
}

/** What is missing until all is on the system, each as a sentence. */
export function missingOf(row: CoverageRow): string[] {
  const parts: string[] = []
  if (row.tanksMissing) parts.push(t('access.coverage.tanks', { n: row.tanksMissing }))
  if (row.detectorsMissing) parts.push(t('access.coverage.detectors', { n: row.detectorsMissing }))
  if (row.pointsMissing) parts.push(t('access.coverage.points', { n: row.pointsMissing }))
  if (row.limitsMissing) parts.push(t('access.coverage.limits', { n: row.limitsMissing }))
  if (row.tanksUnsigned) parts.push(t('access.coverage.tanksUnsigned', { n: row.tanksUnsigned }))
  if (row.detectorsUnsigned) parts.push(t('access.coverage.detectorsUnsigned', { n: row.detectorsUnsigned }))
  return parts
}

/** `储罐 5/8 · 探测器 12/12`: how many have signed limits. */
export function signedText(facts: Pick<AccessLine['facts'], 'tanks' | 'tanksSigned' | 'detectors' | 'detectorsSigned'>): string {
  const parts: string[] = []
  if (facts.tanks) parts.push(t('access.signed.tanks', { n: facts.tanksSigned, of: facts.tanks }))
  if (facts.detectors) parts.push(t('access.signed.detectors', { n: facts.detectorsSigned, of: facts.detectors }))
  return parts.join(' · ') || t('access.signed.none')
}

/** What the sheet of a step sends of the day it was done: what stands there stays unless it is said anew. */
export function doneOnOf(what: 'keep' | 'done' | 'due', step: Pick<AccessStepRow, 'doneOn'>, today: string): string | null {
  if (what === 'done') return today
  return what === 'due' ? null : step.doneOn
}
