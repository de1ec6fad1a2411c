import type { EnterpriseRegister } from '@/api/types'

export type RegisterParts = Pick<EnterpriseRegister, 'processUnits' | 'warehouses' | 'loadingStations'> & { count: number }

/** The units, warehouses and loading stations of one hazard; of none for null. */
export function partsOf(register: EnterpriseRegister, hazardId: string | null): RegisterParts {
  const here = <T extends { hazardId: string | null }>(all: readonly T[]): T[] => all.filter((each) => each.hazardId === hazardId)
  const parts = { processUnits: here(register.processUnits), warehouses: here(register.warehouses), loadingStations: here(register.loadingStations) }
  return { ...parts, count: parts.processUnits.length + parts.warehouses.length + parts.loadingStations.length }
}
