import { api, stamped, type Stamped } from './client'
import type { Colleague, Gap, GapCounts, GapDetail, GapState, OutageCause, OutageScope, Page, Stop } from './types'

export const CAUSES: readonly OutageCause[] = ['shutdown', 'maintenance', 'power', 'network', 'equipment', 'relocation', 'other']
export const SCOPES: readonly OutageScope[] = ['enterprise', 'gateway', 'point']

export interface GapFilter {
  state?: GapState
  gatewayId?: number
  enterpriseId?: string
  adcode?: string
}

export function listGaps(filter: GapFilter, after: string | null, signal: AbortSignal): Promise<Stamped<Page<Gap>>> {
  return stamped(api.GET('/api/v1/data-gaps', { params: { query: { ...filter, after: after ?? undefined, limit: 50 } }, signal }))
}

export function countGaps(signal: AbortSignal): Promise<Stamped<GapCounts>> {
  return stamped(api.GET('/api/v1/data-gaps/counts', { signal }))
}

export function getGap(id: string, signal: AbortSignal): Promise<Stamped<GapDetail>> {
  return stamped(api.GET('/api/v1/data-gaps/{gap_id}', { params: { path: { gap_id: id } }, signal }))
}

export function listStops(after: string | null, signal: AbortSignal): Promise<Stamped<Page<Stop>>> {
  return stamped(api.GET('/api/v1/stops', { params: { query: { after: after ?? undefined, limit: 50 } }, signal }))
}

export function getStop(id: string, signal: AbortSignal): Promise<Stamped<Stop>> {
  return stamped(api.GET('/api/v1/stops/{stop_id}', { params: { path: { stop_id: id } }, signal }))
}

/** To whom a gap can be handed. */
export function listGapColleagues(id: string, signal: AbortSignal): Promise<Stamped<Colleague[]>> {
  return stamped(api.GET('/api/v1/data-gaps/{gap_id}/colleagues', { params: { path: { gap_id: id } }, signal }))
}
