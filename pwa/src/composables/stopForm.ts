import type { OutageCause, OutageScope, StopDraft } from '@/api/types'
import { plantDay } from '@/format/times'
import type { MessageKey } from '@/i18n'
import { instant } from './workForm'

const HOUR_MS = 3_600_000
const HALF_HOUR_MS = 1_800_000
const USUAL_H = 8
/** The server asks for as much. */
const SHORTEST = 2

/** What is on the screen: days and hours apart, as people choose them. */
export interface StopForm {
  id: string
  scope: OutageScope | null
  gatewayId: number | null
  tag: string
  cause: OutageCause | null
  fromDay: string
  fromTime: string
  toDay: string
  toTime: string
  reason: string
}

export interface StopFault {
  field: 'scope' | 'gateway' | 'point' | 'cause' | 'hours' | 'reason'
  text: MessageKey
}

const timeOf = (ms: number): string => new Date(ms + 8 * HOUR_MS).toISOString().slice(11, 16)

/** An empty form that starts at the next half hour. */
export function emptyStop(now: number, id: string = crypto.randomUUID()): StopForm {
  const from = Math.ceil(now / HALF_HOUR_MS) * HALF_HOUR_MS
  const to = from + USUAL_H * HOUR_MS
  return { id, scope: null, gatewayId: null, tag: '', cause: null, fromDay: plantDay(from), fromTime: timeOf(from), toDay: plantDay(to), toTime: timeOf(to), reason: '' }
}

/** What still keeps the form from being sent, in the order of the screen. */
export function stopFaults(form: StopForm, now: number): StopFault[] {
  const faults: StopFault[] = []
  if (!form.scope) faults.push({ field: 'scope', text: 'stop.form.fill.scope' })
  if (form.scope === 'gateway' && !form.gatewayId) faults.push({ field: 'gateway', text: 'stop.form.fill.gateway' })
  if (form.scope === 'point' && !form.tag.trim()) faults.push({ field: 'point', text: 'stop.form.fill.point' })
  if (!form.cause) faults.push({ field: 'cause', text: 'stop.form.fill.cause' })
  const [from, to] = [instant(form.fromDay, form.fromTime), instant(form.toDay, form.toTime)]
  if (!(to > from)) faults.push({ field: 'hours', text: 'stop.form.order' })
  else if (to <= now) faults.push({ field: 'hours', text: 'stop.form.over' })
  if (form.reason.trim().length < SHORTEST) faults.push({ field: 'reason', text: 'stop.form.fill.reason' })
  return faults
}

/** Whether the server will mark it as filed after it began. */
export function isLate(form: StopForm, now: number): boolean {
  return instant(form.fromDay, form.fromTime) < now
}

/** What is sent. Call only without faults; `pointId` is that of the form's tag. */
export function toStop(form: StopForm, pointId: number | null): StopDraft {
  const scope = form.scope ?? 'enterprise'
  return {
    id: form.id,
    scope,
    gatewayId: scope === 'gateway' ? form.gatewayId : null,
    pointId: scope === 'point' ? pointId : null,
    cause: form.cause ?? 'other',
    startsAt: `${form.fromDay}T${form.fromTime}:00+08:00`,
    endsAt: `${form.toDay}T${form.toTime}:00+08:00`,
    reason: form.reason.trim(),
  }
}
