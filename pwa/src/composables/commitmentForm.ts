import type { CommitmentContent, CommitmentDraft, CommitmentFiling, ContentField, ContentWarning, Evidence, LateReason } from '@/api/types'
import { shiftDay } from './workForm'

const DAY_MS = 86_400_000
/** The server asks for as much. */
export const SHORTEST_NOTE = 10

export type FieldKind = 'count' | 'flag' | 'text'

/** What only a person can say; shown last, never folded. */
export const JUDGEMENTS: ContentField[] = ['hazardsSafe', 'majorHiddenHazard', 'responsibleInPlace', 'riskLevel']
const FLAGS: ContentField[] = ['trialProduction', 'startUpShutDown', 'pilotTest']
const TEXTS: ContentField[] = ['dutyLeader', 'dutyPhone']
/** Counted in sets of units, not in places. */
export const UNIT_FIELDS: ContentField[] = ['unitsTotal', 'unitsRunning', 'unitsStopped', 'unitsMaintenance']

export function kindOf(field: ContentField): FieldKind {
  if (FLAGS.includes(field)) return 'flag'
  return TEXTS.includes(field) ? 'text' : 'count'
}

export interface Split {
  /** Differ from the last filing: to be confirmed one by one. */
  differences: Evidence[]
  /** As before: folded. */
  same: Evidence[]
}

/** Which fields to ask about and which to fold. Without an earlier filing there is nothing to differ from. */
export function splitEvidence(draft: CommitmentDraft): Split {
  const plain = draft.evidence.filter((e) => !JUDGEMENTS.includes(e.field) && e.field !== 'note')
  if (!draft.basis) return { differences: [], same: plain }
  return { differences: plain.filter((e) => e.changed), same: plain.filter((e) => !e.changed) }
}

/** A draft of an earlier day turned into today's: the same hours, everything as it was. For a phone without signal. */
export function draftForDay(copy: CommitmentDraft, today: string): CommitmentDraft {
  if (copy.commitOn === today) return copy
  const days = Math.round((Date.parse(`${today}T00:00:00Z`) - Date.parse(`${copy.commitOn}T00:00:00Z`)) / DAY_MS)
  const later = (at: string) => new Date(Date.parse(at) + days * DAY_MS).toISOString()
  return {
    ...copy,
    commitOn: today,
    state: 'not_due',
    opensAt: later(copy.opensAt),
    dueAt: later(copy.dueAt),
    endsAt: later(copy.endsAt),
    commitmentId: null,
    version: null,
    changed: [],
    warnings: [],
    evidence: copy.evidence.map((e) => ({ ...e, yesterday: e.proposed, changed: false, source: 'previous', detail: { ...e.detail, reportNumbers: [], previousOn: shiftDay(today, -1) } })),
  }
}

/** The level that the day's work suggests, 1 red to 4 blue: the server's rule, so that it works offline. */
export function suggestedLevel(c: CommitmentContent): number {
  if (c.hotWorkSpecial || c.startUpShutDown || c.majorHiddenHazard) return 2
  if (c.hotWork1 || c.confinedSpace || c.tankTransfers || c.tankCleanings || c.trialProduction || c.pilotTest) return 3
  return 4
}

/** A signature after the deadline needs a reason, and a further version needs another. */
export function isLate(draft: CommitmentDraft, now: number): boolean {
  return draft.version == null && now > Date.parse(draft.dueAt)
}

export interface FormState {
  content: CommitmentContent
  lateReason: LateReason | null
  lateNote: string
  changeReason: string
}

export type CommitmentFault = 'note' | 'dutyLeader' | 'dutyPhone' | 'units' | 'lateReason' | 'lateNote' | 'changeReason'

/** What still keeps it from being signed. */
export function faultsOf(form: FormState, draft: CommitmentDraft, now: number): CommitmentFault[] {
  const { content } = form
  const faults: CommitmentFault[] = []
  if (Math.max(content.unitsRunning, content.unitsStopped, content.unitsMaintenance) > content.unitsTotal) faults.push('units')
  if (!content.dutyLeader.trim()) faults.push('dutyLeader')
  if (content.dutyPhone.trim().length < 3) faults.push('dutyPhone')
  if (!content.hazardsSafe && content.note.trim().length < SHORTEST_NOTE) faults.push('note')
  if (isLate(draft, now) && !form.lateReason) faults.push('lateReason')
  if (isLate(draft, now) && form.lateReason === 'other' && form.lateNote.trim().length < SHORTEST_NOTE) faults.push('lateNote')
  if (draft.version != null && form.changeReason.trim().length < 2) faults.push('changeReason')
  return faults
}

/** What contradicts the draft's own evidence after the person's changes; the server checks again. */
export function contradictions(content: CommitmentContent, draft: CommitmentDraft): ContentWarning[] {
  return draft.warnings.filter((w) => {
    const value = content[w.field as ContentField]
    return w.kind === 'open_alarms' ? value === true : typeof value === 'number' && value !== w.found
  })
}

/** The body of the filing. `id` was made on this phone when the form was opened. */
export function toFiling(id: string, form: FormState, draft: CommitmentDraft, signature: string, signedAt: number): CommitmentFiling {
  const late = isLate(draft, signedAt)
  return {
    id,
    commitOn: draft.commitOn,
    content: form.content,
    signedAt: new Date(signedAt).toISOString(),
    signature,
    lateReason: late ? form.lateReason : null,
    lateNote: late ? form.lateNote.trim() : '',
    changeReason: draft.version == null ? '' : form.changeReason.trim(),
  }
}

