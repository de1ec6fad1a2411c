import type { Alarm, AlarmDetail, AlarmEvent, Delivery, PointKind, Side } from '@/api/types'
import type { TimelineStep } from '@/components/base/TimelineChain.vue'
import { shortKey } from '@/components/level/levels'
import { isGas, limitCode } from '@/components/monitoring/points'
import { formatLimit, formatNumber } from '@/format/numbers'
import { hourMinute, hourMinuteSecond, span } from '@/format/times'
import { hasText, locale, t } from '@/i18n'

export function alarmTitle(alarm: Alarm): string {
  return locale.value === 'en' ? alarm.titleEn : alarm.title
}

/** The short cause on the tile: HH, 二级; of a cleared one the worst it was. */
export function alarmCause(alarm: Alarm): string {
  return limitCode(alarm.kind, alarm.side, alarm.level ?? alarm.worstLevel)
}

export const isOpen = (alarm: Alarm): boolean => alarm.clearedAt == null

/** How far the value is past its limit, positive when it is. */
export function past(alarm: Alarm, value: number): number {
  return alarm.side === 'high' ? value - alarm.limitValue : alarm.limitValue - value
}

/** General first steps for this kind of alarm; the plant's own card goes before them. */
export function guidance(kind: PointKind, side: Side): { head: string; text: string }[] {
  const family = isGas(kind) ? kind : kind === 'level' || kind === 'temperature' || kind === 'pressure' ? `${kind}.${side}` : 'other'
  return [1, 2, 3].flatMap((n) => {
    const head = `guide.${family}.${n}.head`
    const text = `guide.${family}.${n}.text`
    return hasText(head) && hasText(text) ? [{ head: t(head), text: t(text) }] : []
  })
}

function eventNote(event: AlarmEvent, alarm: Alarm): string | undefined {
  const value = event.value == null ? '' : `${formatNumber(event.value, alarm.decimals)} ${alarm.unit}`
  switch (event.kind) {
    case 'raised':
    case 'worsened':
    case 'eased':
      return [value, limitCode(alarm.kind, alarm.side, event.level)].filter(Boolean).join(' · ')
    case 'recoloured':
      return event.riskLevel == null ? undefined : t(shortKey(event.riskLevel))
    case 'acknowledged':
      return t('timeline.took', { span: span((Date.parse(event.at) - Date.parse(alarm.raisedAt)) / 1000) })
    case 'cleared':
      return value || undefined
    default:
      return undefined
  }
}

function eventTitle(event: AlarmEvent): string {
  if (event.kind === 'acknowledged') return t('timeline.acknowledged', { name: event.personName ?? t('timeline.someone') })
  const people = event.kind === 'notified' ? event.detail.people : undefined
  if (typeof people === 'number') return people > 0 ? t('timeline.pushed', { n: people }) : t('timeline.nobody')
  return t(`timeline.${event.kind}`)
}

/** Messages that came on at least one screen or to a push service, as steps: how many were told, and who saw it. */
function deliverySteps(deliveries: readonly Delivery[]): (TimelineStep & { sort: string })[] {
  const steps: (TimelineStep & { sort: string })[] = []
  const first = [...deliveries].sort((a, b) => a.queuedAt.localeCompare(b.queuedAt))[0]
  if (first) {
    const people = new Set(deliveries.map((d) => d.personId)).size
    const reached = new Set(deliveries.filter((d) => d.acceptedAt).map((d) => d.personId)).size
    steps.push({ key: 'pushed', sort: first.queuedAt, title: t('timeline.pushed', { n: people }), note: t('timeline.reached', { n: reached }), at: hourMinuteSecond(first.queuedAt), state: 'done' })
  }
  for (const d of deliveries) {
    if (d.shownAt) steps.push({ key: d.id, sort: d.shownAt, title: t('timeline.shown', { name: d.personName }), at: hourMinuteSecond(d.shownAt), state: 'done' })
  }
  return steps
}

function eventStep(event: AlarmEvent, alarm: Alarm): TimelineStep & { sort: string } {
  return {
    key: event.id,
    sort: event.at,
    title: eventTitle(event),
    note: eventNote(event, alarm),
    at: hourMinuteSecond(event.at),
    state: event.kind === 'raised' || event.kind === 'worsened' ? 'level' : 'done',
    level: event.riskLevel ?? alarm.riskLevel,
  }
}

/** What is still to come: an answer by its deadline, and the value back to normal. */
function owedSteps(alarm: AlarmDetail): TimelineStep[] {
  const owed: TimelineStep[] = []
  const due = alarm.deadlines?.answerDueAt
  if (!alarm.acknowledgedAt && !alarm.late) owed.push({ key: 'ack', title: t('timeline.owedAck'), at: due ? t('timeline.before', { time: hourMinute(due) }) : undefined, state: 'owed' })
  const back = alarm.passport.returnsAt
  if (isOpen(alarm)) {
    const limit = back == null ? '' : `${formatLimit(back)} ${alarm.unit}`
    const key = alarm.side === 'high' ? 'timeline.below' : 'timeline.above'
    owed.push({ key: 'clear', title: t('timeline.owedClear'), at: limit ? t(key, { limit, span: span(alarm.passport.offDelayS) }) : undefined, state: 'owed' })
  }
  return owed
}

/** Who knew what and when: what happened, where it stands now, what is still owed. */
export function timeline(alarm: AlarmDetail, deliveries: readonly Delivery[] = []): TimelineStep[] {
  const told = alarm.events.filter((event) => event.kind !== 'notified' || deliveries.length === 0)
  const happened = [...told.map((event) => eventStep(event, alarm)), ...deliverySteps(deliveries)].sort((a, b) => a.sort.localeCompare(b.sort))
  const last = happened.at(-1)
  if (last?.state === 'done') last.state = 'now'
  return [...happened, ...owedSteps(alarm)]
}
