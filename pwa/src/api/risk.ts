import { api, stamped, type Stamped } from './client'
import type { EnterpriseMark, EnterpriseRisk, Explanation, HazardRisk, Page, RiskCounts } from './types'

export interface RiskQuery {
  adcode?: string
  /** 0 blue … 3 red. */
  level?: number
  /** Grade of the gravest hazard, 1 to 4. */
  grade?: number
  /** Part of a name, a code or its pinyin initials. */
  q?: string
}

/** Enterprises with their worst hazard, worst first. */
export function listEnterpriseRisks(query: RiskQuery, after: string | null, limit: number, signal: AbortSignal): Promise<Stamped<Page<EnterpriseRisk>>> {
  return stamped(api.GET('/api/v1/risk/enterprises', { params: { query: { ...query, after: after ?? undefined, limit } }, signal }))
}

/** All enterprises in view as marks on a map; pages are put together, and the oldest decides how old they are. */
export async function listAllMarks(signal: AbortSignal): Promise<Stamped<EnterpriseMark[]>> {
  const pages: Stamped<Page<EnterpriseMark>>[] = []
  let after: string | null | undefined
  do {
    const page: Stamped<Page<EnterpriseMark>> = await stamped(api.GET('/api/v1/risk/marks', { params: { query: { after: after ?? undefined } }, signal }))
    pages.push(page)
    after = page.data.next
  } while (after)
  return { data: pages.flatMap((page) => page.data.items), at: Math.min(...pages.map((page) => page.at)), cached: pages.some((page) => page.cached) }
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
