import { api, stamped, type Stamped } from './client'
import type { Alarm, AlarmCounts, AlarmDetail, AlarmState, Delivery, Page } from './types'

export interface AlarmQuery {
  state: AlarmState
  riskLevel?: number
  adcode?: string
  enterpriseId?: string
}

const PAGE = 100

export function listAlarms(query: AlarmQuery, after: string | null, signal: AbortSignal): Promise<Stamped<Page<Alarm>>> {
  return stamped(api.GET('/api/v1/alarms', { params: { query: { ...query, after: after ?? undefined, limit: PAGE } }, signal }))
}

export function getAlarm(id: string, signal: AbortSignal): Promise<Stamped<AlarmDetail>> {
  return stamped(api.GET('/api/v1/alarms/{alarm_id}', { params: { path: { alarm_id: id } }, signal }))
}

export function countAlarms(signal: AbortSignal): Promise<Stamped<AlarmCounts>> {
  return stamped(api.GET('/api/v1/alarms/counts', { signal }))
}

/** Who was told of an alarm over which device, and how far it came. */
export function listDeliveries(alarmId: string, signal: AbortSignal): Promise<Stamped<Page<Delivery>>> {
  return stamped(api.GET('/api/v1/push/deliveries', { params: { query: { alarmId, limit: PAGE } }, signal }))
}
