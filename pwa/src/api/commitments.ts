import { api, stamped, type Stamped } from './client'
import type { CommitmentCounts, CommitmentDay, CommitmentDraft, CommitmentFilter, CommitmentMonth, CommitmentRecord, LateReason, Page } from './types'

export const LATE_REASONS: readonly LateReason[] = ['sudden_special_op', 'production_change', 'responsible_absent', 'system_fault', 'power_cut', 'forgotten', 'long_shutdown_unreported', 'other']

/** Today's draft. The document says `string` where the server names fields of the content; this is the one place that knows. */
export async function getDraft(signal: AbortSignal): Promise<Stamped<CommitmentDraft>> {
  return (await stamped(api.GET('/api/v1/commitments/draft', { signal }))) as Stamped<CommitmentDraft>
}

export function getCommitment(id: string, signal: AbortSignal): Promise<Stamped<CommitmentRecord>> {
  return stamped(api.GET('/api/v1/commitments/{commitment_id}', { params: { path: { commitment_id: id } }, signal }))
}

export interface DayQuery {
  on: string
  state?: CommitmentFilter
  adcode?: string
}

export function listDay(query: DayQuery, after: string | null, signal: AbortSignal): Promise<Stamped<Page<CommitmentDay>>> {
  return stamped(api.GET('/api/v1/commitments', { params: { query: { ...query, after: after ?? undefined, limit: 100 } }, signal }))
}

export function countDay(on: string, signal: AbortSignal): Promise<Stamped<CommitmentCounts>> {
  return stamped(api.GET('/api/v1/commitments/counts', { params: { query: { on } }, signal }))
}

/** A month of one enterprise, `2026-11`. */
export function getMonthOf(enterpriseId: string, month: string, signal: AbortSignal): Promise<Stamped<CommitmentMonth>> {
  return stamped(api.GET('/api/v1/commitments/month', { params: { query: { enterpriseId, month } }, signal }))
}

/** The own enterprise's month, `2026-11`. */
export function getMonth(month: string, signal: AbortSignal): Promise<Stamped<CommitmentMonth>> {
  return stamped(api.GET('/api/v1/commitments/mine', { params: { query: { month } }, signal }))
}
