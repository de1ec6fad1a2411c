import type { Gap, GapState, OutageCause, Stop, StopState } from '@/api/types'
import type { IconName } from '@/components/base/icons'
import { dayAndTime, dayLabel, hourMinute, plantDay, span } from '@/format/times'
import { t } from '@/i18n'

export const CAUSE_ICONS: Record<OutageCause, IconName> = { shutdown: 'barrier', maintenance: 'hook', power: 'bolt', network: 'offline', equipment: 'router', relocation: 'swap', other: 'info' }
export const GAP_TONES: Record<GapState, 'go' | 'bad' | 'held' | undefined> = { overdue: 'bad', open: undefined, filed: 'held', explained: 'held', closed: 'go' }
export const STOP_TONES: Record<StopState, 'go' | 'bad' | 'held' | undefined> = { planned: undefined, running: 'held', over: 'bad', returned: 'go', withdrawn: undefined }

/** How long data were missing; a gap that runs says so. */
export function gapLength(gap: Pick<Gap, 'beganAt' | 'endedAt'>, now: number): string {
  const seconds = ((gap.endedAt ? Date.parse(gap.endedAt) : now) - Date.parse(gap.beganAt)) / 1000
  return gap.endedAt ? span(seconds) : t('gap.running', { span: span(seconds) })
}

/** What the gap still asks for, or how it was closed. */
export function gapStanding(gap: Gap, now: number): string {
  if (gap.closedHow) return t(`gap.closed.${gap.closedHow}`)
  if (gap.state === 'overdue') return t('gap.overdueFor', { span: span((now - Date.parse(gap.dueAt)) / 1000) })
  if (gap.state === 'filed' && gap.filedUntil) return t('gap.filingUntil', { time: dayAndTime(gap.filedUntil, now) })
  return gap.state === 'open' ? t('gap.due', { time: dayAndTime(gap.dueAt, now) }) : ''
}

/** `11月25日 08:00 至 18:00`; the day is said again where it is another one. */
export function stopHours(stop: Pick<Stop, 'startsAt' | 'endsAt'>): string {
  const [from, to] = [plantDay(stop.startsAt), plantDay(stop.endsAt)]
  const end = from === to ? hourMinute(stop.endsAt) : `${dayLabel(to, false)} ${hourMinute(stop.endsAt)}`
  return t('stop.hours', { from: `${dayLabel(from, false)} ${hourMinute(stop.startsAt)}`, to: end })
}

/** What is stopped: a point, a gateway, or the whole enterprise. */
export function stopTarget(stop: Pick<Stop, 'scope' | 'pointTag' | 'gatewayCode'>): string {
  return stop.pointTag ?? stop.gatewayCode ?? t(`scope.${stop.scope}`)
}
