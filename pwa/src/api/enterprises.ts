import { api, stamped, type Stamped } from './client'
import type { Enterprise } from './types'

export function getEnterprise(id: string, signal: AbortSignal): Promise<Stamped<Enterprise>> {
  return stamped(api.GET('/api/v1/enterprises/{enterprise_id}', { params: { path: { enterprise_id: id } }, signal }))
}
