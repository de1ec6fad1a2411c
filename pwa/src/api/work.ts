import { api, stamped, type Stamped } from './client'
import type { Page, WorkCounts, WorkGrade, WorkKind, WorkReport } from './types'

export const WORK_KINDS: readonly WorkKind[] = ['hot_work', 'confined_space', 'blind_plate', 'work_at_height', 'lifting', 'temporary_power', 'excavation', 'road_closure']

/** The grades a kind of work has by GB 30871-2022; the empty list means it has none. */
export const GRADES: Record<WorkKind, WorkGrade[]> = {
  hot_work: ['special', 'grade_1', 'grade_2'],
  confined_space: [],
  blind_plate: [],
  work_at_height: ['grade_1', 'grade_2', 'grade_3', 'grade_4'],
  lifting: ['grade_1', 'grade_2', 'grade_3'],
  temporary_power: [],
  excavation: [],
  road_closure: [],
}

export interface WorkFilter {
  /** A plant day. */
  on?: string
  enterpriseId?: string
  adcode?: string
  kind?: WorkKind
}

export function listWork(filter: WorkFilter, after: string | null, signal?: AbortSignal): Promise<Stamped<Page<WorkReport>>> {
  return stamped(api.GET('/api/v1/work-reports', { params: { query: { ...filter, after: after ?? undefined, limit: 100 } }, signal }))
}

export function getWork(id: string, signal: AbortSignal): Promise<Stamped<WorkReport>> {
  return stamped(api.GET('/api/v1/work-reports/{report_id}', { params: { path: { report_id: id } }, signal }))
}

export function countWork(on: string, signal: AbortSignal, enterpriseId?: string): Promise<Stamped<WorkCounts>> {
  return stamped(api.GET('/api/v1/work-reports/counts', { params: { query: { on, enterpriseId } }, signal }))
}
