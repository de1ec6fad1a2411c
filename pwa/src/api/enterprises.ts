import { api, stamped, taken, type Stamped } from './client'
import type { Chemical, Enterprise, EnterpriseRegister, HazardChange, HazardClass, HazardDetail, HazardForecast, HeldDraft, InfoChange, Page } from './types'

const PAGE = 20

export function getEnterprise(id: string, signal: AbortSignal): Promise<Stamped<Enterprise>> {
  return stamped(api.GET('/api/v1/enterprises/{enterprise_id}', { params: { path: { enterprise_id: id } }, signal }))
}

/** Warehouses, units, loading stations, cameras and areas. */
export function getRegister(id: string, signal: AbortSignal): Promise<Stamped<EnterpriseRegister>> {
  return stamped(api.GET('/api/v1/enterprises/{enterprise_id}/register', { params: { path: { enterprise_id: id } }, signal }))
}

/** Who maintained the basic information, newest first. */
export function listInfoChanges(id: string, after: string | null, signal: AbortSignal): Promise<Stamped<Page<InfoChange>>> {
  return stamped(api.GET('/api/v1/enterprises/{enterprise_id}/info/history', { params: { path: { enterprise_id: id }, query: { after: after ?? undefined, limit: PAGE } }, signal }))
}

/** Where the basic information is sent, whole, by PUT. */
export const infoAddress = (id: string): string => `/api/v1/enterprises/${id}/info`

/** The enterprise with exactly this code. */
export async function findEnterprise(code: string): Promise<{ id: string } | undefined> {
  const { items } = await taken(api.GET('/api/v1/enterprises', { params: { query: { q: code, limit: 20 } } }))
  return items.find((enterprise) => enterprise.code === code)
}

export function getHazard(id: string, signal: AbortSignal): Promise<Stamped<HazardDetail>> {
  return stamped(api.GET('/api/v1/hazards/{hazard_id}', { params: { path: { hazard_id: id } }, signal }))
}

/** How a hazard's quantities and grade came to be what they are, newest first. */
export function listHazardChanges(id: string, after: string | null, signal: AbortSignal): Promise<Stamped<Page<HazardChange>>> {
  return stamped(api.GET('/api/v1/hazards/{hazard_id}/history', { params: { path: { hazard_id: id }, query: { after: after ?? undefined, limit: PAGE } }, signal }))
}

/** What S, R and the grade would be; nothing is stored. */
export function previewQuantities(id: string, chemicals: HeldDraft[], signal: AbortSignal): Promise<HazardForecast> {
  return taken(api.POST('/api/v1/hazards/{hazard_id}/chemicals/preview', { params: { path: { hazard_id: id } }, body: { chemicals }, signal }))
}

export function setQuantities(id: string, chemicals: HeldDraft[], reason: string): Promise<HazardDetail> {
  return taken(api.PUT('/api/v1/hazards/{hazard_id}/chemicals', { params: { path: { hazard_id: id } }, body: { chemicals, reason } }))
}

export function listChemicals(signal: AbortSignal): Promise<Stamped<Chemical[]>> {
  return stamped(api.GET('/api/v1/reference/chemicals', { signal }))
}

export function listHazardClasses(signal: AbortSignal): Promise<Stamped<HazardClass[]>> {
  return stamped(api.GET('/api/v1/reference/hazard-classes', { signal }))
}
