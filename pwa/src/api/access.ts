import { api, stamped, taken, type Stamped } from './client'
import type { AccessContact, AccessLedger, AccessStep, ContactChange, ContactDraft, Coverage, EnterpriseAccess, Region, StepChange } from './types'

/** In the order of the way onto the system. */
export const STEPS: readonly AccessStep[] = ['surveyed', 'conditions_checked', 'gateway_installed', 'powered', 'integrated', 'points_audited', 'limits_signed', 'accepted']

export function getLedger(signal: AbortSignal): Promise<Stamped<AccessLedger>> {
  return stamped(api.GET('/api/v1/access', { signal }))
}

export function getCoverage(signal: AbortSignal): Promise<Stamped<Coverage>> {
  return stamped(api.GET('/api/v1/access-coverage', { signal }))
}

export function getAccess(enterpriseId: string, signal: AbortSignal): Promise<Stamped<EnterpriseAccess>> {
  return stamped(api.GET('/api/v1/access/{enterprise_id}', { params: { path: { enterprise_id: enterpriseId } }, signal }))
}

export function setAccessStep(enterpriseId: string, body: StepChange): Promise<EnterpriseAccess> {
  return taken(api.POST('/api/v1/access/{enterprise_id}/steps', { params: { path: { enterprise_id: enterpriseId } }, body }))
}

export function reportBlocker(enterpriseId: string, body: { step: AccessStep; hazardId?: string; blocker: string }): Promise<EnterpriseAccess> {
  return taken(api.POST('/api/v1/access/{enterprise_id}/blockers', { params: { path: { enterprise_id: enterpriseId } }, body }))
}

/** Whom to call, districts before enterprises; `former`: also those who left. */
export function listContacts(former: boolean, signal: AbortSignal): Promise<Stamped<AccessContact[]>> {
  return stamped(api.GET('/api/v1/access-coverage/contacts', { params: { query: { former } }, signal }))
}

export function addContact(body: ContactDraft): Promise<unknown> {
  return taken(api.POST('/api/v1/access-coverage/contacts', { body }))
}

export function changeContact(id: string, body: ContactChange): Promise<unknown> {
  return taken(api.POST('/api/v1/access-coverage/contacts/{contact_id}/change', { params: { path: { contact_id: id } }, body }))
}

export function removeContact(id: string, reason: string): Promise<unknown> {
  return taken(api.POST('/api/v1/access-coverage/contacts/{contact_id}/leave', { params: { path: { contact_id: id } }, body: { reason } }))
}

export function listRegions(signal: AbortSignal): Promise<Stamped<Region[]>> {
  return stamped(api.GET('/api/v1/regions', { signal }))
}
