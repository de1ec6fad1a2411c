import { api, stamped, taken, type Stamped } from './client'
import type { Gateway, GatewayDetail, GatewaySecret, GatewaySetup, Page, PointStates } from './types'

const PAGE = 100

export interface GatewayFilter {
  online?: boolean
  adcode?: string
  enterpriseId?: string
  retired?: boolean
}

export function pageOfGateways(filter: GatewayFilter, after: string | null, signal: AbortSignal): Promise<Stamped<Page<Gateway>>> {
  return stamped(api.GET('/api/v1/gateways', { params: { query: { ...filter, after: after ?? undefined, limit: PAGE } }, signal }))
}

export function getGateway(id: number, signal: AbortSignal): Promise<Stamped<GatewayDetail>> {
  return stamped(api.GET('/api/v1/gateways/{gateway_id}', { params: { path: { gateway_id: id } }, signal }))
}

export function getGatewaySetup(id: number, signal: AbortSignal): Promise<Stamped<GatewaySetup>> {
  return stamped(api.GET('/api/v1/gateways/{gateway_id}/setup', { params: { path: { gateway_id: id } }, signal }))
}

export function makeGateway(body: { enterpriseId: string; code: string; name: string }): Promise<GatewaySecret> {
  return taken(api.POST('/api/v1/gateways', { body }))
}

export function renewSecret(id: number, reason: string): Promise<GatewaySecret> {
  return taken(api.POST('/api/v1/gateways/{gateway_id}/rotate', { params: { path: { gateway_id: id } }, body: { reason } }))
}

/** Shut a gateway out, or let it in again. */
export function setGatewayActive(id: number, active: boolean, reason: string): Promise<GatewayDetail> {
  const call = { params: { path: { gateway_id: id } }, body: { reason } }
  return taken(active ? api.POST('/api/v1/gateways/{gateway_id}/restore', call) : api.POST('/api/v1/gateways/{gateway_id}/retire', call))
}

export function countPointStates(filter: { adcode?: string; enterpriseId?: string }, signal: AbortSignal): Promise<Stamped<PointStates>> {
  return stamped(api.GET('/api/v1/points/states', { params: { query: filter }, signal }))
}
