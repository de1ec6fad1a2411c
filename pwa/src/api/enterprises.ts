import { api, stamped, taken, type Stamped } from './client'
import type { Enterprise } from './types'

export function getEnterprise(id: string, signal: AbortSignal): Promise<Stamped<Enterprise>> {
  return stamped(api.GET('/api/v1/enterprises/{enterprise_id}', { params: { path: { enterprise_id: id } }, signal }))
}

/** The enterprise with exactly this code. */
export async function findEnterprise(code: string): Promise<{ id: string } | undefined> {
  const { items } = await taken(api.GET('/api/v1/enterprises', { params: { query: { q: code, limit: 20 } } }))
  return items.find((enterprise) => enterprise.code === code)
}
