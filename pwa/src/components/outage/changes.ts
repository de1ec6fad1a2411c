import type { GapChange, GapDetail } from '@/api/types'
import { dayAndTime } from '@/format/times'
import { t } from '@/i18n'

const HOUR_MS = 3_600_000

/** What one change did, as a sentence. */
export function changeText(change: GapChange, now: number): string {
  if (change.kind === 'deadline') return t('gap.changed.deadline', { from: change.fromDueAt ? dayAndTime(change.fromDueAt, now) : '—', to: change.toDueAt ? dayAndTime(change.toDueAt, now) : '—' })
  return change.fromOwnerName ? t('gap.changed.owner', { from: change.fromOwnerName, to: change.toOwnerName }) : t('gap.changed.owner.first', { to: change.toOwnerName })
}

/** Why a new deadline cannot be set yet, or nothing. until: ms. */
export function deadlineGap(gap: Pick<GapDetail, 'dueAt'>, until: number, reason: string, now: number): 'early' | 'same' | 'reason' | '' {
  if (!(until >= now + HOUR_MS)) return 'early'
  if (until === Date.parse(gap.dueAt)) return 'same'
  return reason.trim().length < 2 ? 'reason' : ''
}
