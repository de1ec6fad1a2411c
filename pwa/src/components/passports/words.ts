import type { Proposal, ProposalRow, ProposalStep } from '@/api/types'
import type { TimelineStep } from '@/components/base/TimelineChain.vue'
import { formatNumber } from '@/format/numbers'
import { dayAndTime } from '@/format/times'
import { t } from '@/i18n'

export function proposalTitle(proposal: Pick<ProposalRow, 'tankCode' | 'tankName' | 'points'>): string {
  return proposal.tankCode ? `${proposal.tankCode} ${proposal.tankName ?? ''}`.trim() : t('proposal.points', { n: proposal.points })
}

/** `6 米`, `1.8 公里`. */
export function farAway(metres: number): string {
  return metres < 1000 ? t('place.m', { n: Math.round(metres) }) : t('place.km', { n: formatNumber(metres / 1000, 1) })
}

function noteOf(step: ProposalStep, now: number): string {
  const parts = [step.personName, step.reason]
  if (step.basis) parts.push(t('proposal.basis', { basis: step.basis }))
  if (step.distanceM != null) parts.push(t('proposal.signedAt', { far: farAway(step.distanceM), accuracy: Math.round(step.accuracyM ?? 0) }))
  if (step.effectiveFrom) parts.push(t('proposal.from', { time: dayAndTime(step.effectiveFrom, now) }))
  return parts.filter(Boolean).join(' · ')
}

/** What happened to a proposal, and what it still waits for. */
export function proposalSteps(proposal: Proposal, now: number): TimelineStep[] {
  const done: TimelineStep[] = proposal.steps.map((step) => ({ key: step.state, title: t(`proposal.step.${step.state}`), note: noteOf(step, now), at: dayAndTime(step.at, now), state: 'done' }))
  if (proposal.state === 'proposed') done.push({ key: 'v', title: t('proposal.waits.verify'), state: 'owed' })
  if (proposal.state === 'proposed' || proposal.state === 'verified') done.push({ key: 'a', title: t('proposal.waits.approve'), state: 'owed' })
  return done
}
