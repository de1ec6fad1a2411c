import { api, stamped, taken, type Stamped } from './client'
import type { BulkLines, BulkRequest, LimitPreview, LineDraft, Page, Proposal, ProposalCounts, ProposalRow, ProposalState } from './types'

export interface ProposalFilter {
  enterpriseId?: string
  tankId?: string
  state?: ProposalState
  /** Only those that wait for the person who asks. */
  toDo?: boolean
}

export function listProposals(filter: ProposalFilter, after: string | null, signal: AbortSignal): Promise<Stamped<Page<ProposalRow>>> {
  return stamped(api.GET('/api/v1/limit-proposals', { params: { query: { ...filter, after: after ?? undefined, limit: 50 } }, signal }))
}

export function countProposals(signal: AbortSignal): Promise<Stamped<ProposalCounts>> {
  return stamped(api.GET('/api/v1/limit-proposals/counts', { signal }))
}

export function getProposal(id: string, signal?: AbortSignal): Promise<Stamped<Proposal>> {
  return stamped(api.GET('/api/v1/limit-proposals/{proposal_id}', { params: { path: { proposal_id: id } }, signal }))
}

/** How often a proposal would have rung in the last 30 days. */
export function previewProposal(id: string, signal: AbortSignal): Promise<Stamped<LimitPreview>> {
  return stamped(api.GET('/api/v1/limit-proposals/{proposal_id}/preview', { params: { path: { proposal_id: id } }, signal }))
}

/** The same for limits that are still being typed. */
export function previewLines(lines: LineDraft[]): Promise<LimitPreview> {
  return taken(api.POST('/api/v1/limit-proposals/preview', { body: { lines } }))
}

/** What a change of many points would come to; nothing is stored. */
export function bulkLines(body: BulkRequest): Promise<BulkLines> {
  return taken(api.POST('/api/v1/limit-proposals/bulk-lines', { body }))
}

export function approveProposal(id: string, effectiveFrom: string | null): Promise<Proposal> {
  return taken(api.POST('/api/v1/limit-proposals/{proposal_id}/approve', { params: { path: { proposal_id: id } }, body: { effectiveFrom, note: '' } }))
}

export function endProposal(id: string, how: 'reject' | 'withdraw', reason: string): Promise<Proposal> {
  const where = { params: { path: { proposal_id: id } }, body: { reason } }
  return taken(how === 'reject' ? api.POST('/api/v1/limit-proposals/{proposal_id}/reject', where) : api.POST('/api/v1/limit-proposals/{proposal_id}/withdraw', where))
}
