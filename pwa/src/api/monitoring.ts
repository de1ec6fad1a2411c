import type { Limits } from '@/components/limits/scale'
import type { TrendColumns } from '@/components/trend/columns'
import { api, stamped, type Stamped } from './client'
import type { Detector, Gateway, LimitVersion, Page, PointCondition, PointDetail, PointNow, Tank, TrendOut } from './types'

export interface Trend {
  columns: TrendColumns
  /** Usual distance of samples. */
  intervalS: number | null
  unit: string
  decimals: number
  limits: Limits
}

const PAGE = 200
/** Rows that are fetched, drawn and kept fresh together. */
export const ROWS = 50

export interface PlaceFilter {
  enterpriseId?: string
  hazardId?: string
}

export function listTanks(filter: PlaceFilter, after: string | null, signal: AbortSignal, limit = PAGE): Promise<Stamped<Page<Tank>>> {
  return stamped(api.GET('/api/v1/tanks', { params: { query: { ...filter, after: after ?? undefined, limit } }, signal }))
}

export function getTank(id: string, signal: AbortSignal): Promise<Stamped<Tank>> {
  return stamped(api.GET('/api/v1/tanks/{tank_id}', { params: { path: { tank_id: id } }, signal }))
}

export function listDetectors(filter: PlaceFilter, after: string | null, signal: AbortSignal, limit = PAGE): Promise<Stamped<Page<Detector>>> {
  return stamped(api.GET('/api/v1/detectors', { params: { query: { ...filter, after: after ?? undefined, limit } }, signal }))
}

/** Points that belong to no tank and no detector. */
export function listOtherPoints(filter: PlaceFilter, after: string | null, signal: AbortSignal, limit = PAGE): Promise<Stamped<Page<PointNow>>> {
  return stamped(api.GET('/api/v1/points', { params: { query: { enterpriseId: filter.enterpriseId, placed: false, after: after ?? undefined, limit } }, signal }))
}

export function getPoint(id: number, signal: AbortSignal): Promise<Stamped<PointDetail>> {
  return stamped(api.GET('/api/v1/points/{point_id}', { params: { path: { point_id: id } }, signal }))
}

/** Versions of a point's limits, newest first. */
export function listLimits(pointId: number, signal: AbortSignal): Promise<Stamped<Page<LimitVersion>>> {
  return stamped(api.GET('/api/v1/points/{point_id}/limits', { params: { path: { point_id: pointId } }, signal }))
}

export function listGateways(query: { online?: boolean; enterpriseId?: string }, signal: AbortSignal): Promise<Stamped<Page<Gateway>>> {
  return stamped(api.GET('/api/v1/gateways', { params: { query: { ...query, limit: PAGE } }, signal }))
}

/** Columns in seconds since epoch, as the charts want them. */
export function toTrend(out: Omit<TrendOut, 'gaps'> & { gaps: number[][] }): Trend {
  const t0 = Date.parse(out.t0) / 1000
  return {
    columns: {
      t: out.t.map((ms) => t0 + ms / 1000),
      min: out.min,
      max: out.max,
      mean: out.mean,
      good: out.good,
      gaps: out.gaps.map(([from = 0, to = 0]) => [t0 + from / 1000, t0 + to / 1000]),
    },
    intervalS: out.intervalMs == null ? null : out.intervalMs / 1000,
    unit: out.unit,
    decimals: out.decimals,
    limits: out.limits ?? {},
  }
}

/** The address of everything these points measured, as a CSV file. from, to: seconds since epoch. */
export function exportAddress(pointIds: number[], from: number, to: number): string {
  const query = new URLSearchParams([...pointIds.map((id) => ['pointIds', String(id)]), ['from', new Date(from * 1000).toISOString()], ['to', new Date(to * 1000).toISOString()]])
  return `/api/v1/points/export?${query.toString()}`
}

/** from, to: seconds since epoch. */
export async function getTrend(pointId: number, from: number, to: number, maxPoints: number, signal: AbortSignal): Promise<Stamped<Trend>> {
  const query = { from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString(), maxPoints }
  const answer = await stamped(api.GET('/api/v1/points/{point_id}/trend', { params: { path: { point_id: pointId }, query }, signal }))
  return { ...answer, data: toTrend(answer.data) }
}

/** All points of the own enterprise, by tag. */
export function listPoints(signal: AbortSignal): Promise<Stamped<Page<PointNow>>> {
  return stamped(api.GET('/api/v1/points', { params: { query: { limit: PAGE } }, signal }))
}

/** The points of an enterprise in one state, wherever they stand. */
export function listPointsIn(condition: PointCondition, enterpriseId: string | undefined, after: string | null, signal: AbortSignal): Promise<Stamped<Page<PointNow>>> {
  return stamped(api.GET('/api/v1/points', { params: { query: { condition, enterpriseId, after: after ?? undefined, limit: PAGE } }, signal }))
}
