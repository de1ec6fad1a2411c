import { api, stamped, type Stamped } from './client'
import type { EnterpriseRisk, Explanation, HazardRisk, Page, RiskCounts } from './types'

export interface RiskQuery {
  adcode?: string
  /** 0 blue … 3 red. */
  level?: number
  /** Part of a name, a code or its pinyin initials. */
  q?: string
}

/** Enterprises with their worst hazard, worst first. */
export function listEnterpriseRisks(query: RiskQuery, after: string | null, limit: number, signal: AbortSignal): Promise<Stamped<Page<EnterpriseRisk>>> {
  return stamped(api.GET('/api/v1/risk/enterprises', { params: { query: { ...query, after: after ?? undefined, limit } }, signal }))
}

export function listHazardRisks(enterpriseId: string, signal: AbortSignal): Promise<Stamped<Page<HazardRisk>>> {
  return stamped(api.GET('/api/v1/risk/hazards', { params: { query: { enterpriseId, limit: 100 } }, signal }))
}

export function countRisks(signal: AbortSignal): Promise<Stamped<RiskCounts>> {
  return stamped(api.GET('/api/v1/risk/counts', { signal }))
}

/** The present score of a hazard taken apart. */
export function explainHazard(hazardId: string, signal: AbortSignal): Promise<Stamped<Explanation>> {
  return stamped(api.GET('/api/v1/risk/hazards/{hazard_id}', { params: { path: { hazard_id: hazardId } }, signal }))
}
