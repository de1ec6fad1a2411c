import { locale, t } from '@/i18n'

/** The plant's zone: what a day and an hour mean does not follow the phone abroad. */
const ZONE = 'Asia/Shanghai'
const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 86_400

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

type Instant = string | number | Date
interface Clock {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  second: string
}

function clockOf(at: Instant): Clock {
  const found = parts.formatToParts(new Date(at)).map(({ type, value }) => [type, value])
  return Object.fromEntries(found) as unknown as Clock
}

/** `2026-11-24` at the plant. Never toISOString: before 08:00 in China that is yesterday. */
export function plantDay(at: Instant): string {
  const c = clockOf(at)
  return `${c.year}-${c.month}-${c.day}`
}

/** `09:41` */
export function hourMinute(at: Instant): string {
  const c = clockOf(at)
  return `${c.hour}:${c.minute}`
}

/** `09:41:08`, where seconds count. */
export function hourMinuteSecond(at: Instant): string {
  const c = clockOf(at)
  return `${c.hour}:${c.minute}:${c.second}`
}

/** `11月24日 周二` of a calendar day `2026-11-24`. */
export function dayLabel(day: string, weekday = true): string {
  const noon = new Date(`${day}T12:00:00+08:00`)
  const options: Intl.DateTimeFormatOptions = { timeZone: ZONE, month: 'short', day: 'numeric' }
  const date = new Intl.DateTimeFormat(locale.value, options).format(noon)
  if (!weekday) return date
  return `${date} ${new Intl.DateTimeFormat(locale.value, { timeZone: ZONE, weekday: 'short' }).format(noon)}`
}

/** `09:41` today, `昨日 21:40`, else `11月22日 21:40`. */
export function dayAndTime(at: Instant, now: number): string {
  const day = plantDay(at)
  if (day === plantDay(now)) return hourMinute(at)
  if (day === plantDay(now - DAY_S * 1000)) return `${t('time.yesterday')} ${hourMinute(at)}`
  return `${dayLabel(day, false)} ${hourMinute(at)}`
}

/** A span in words: `12 秒`, `2 分 08 秒`, `42 分`, `4 小时 15 分`, `1 天 2 小时`. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < MINUTE_S) return t('time.s', { s })
  const m = Math.floor(s / MINUTE_S)
  if (m < 10 && s % MINUTE_S) return t('time.ms', { m, s: String(s % MINUTE_S).padStart(2, '0') })
  if (s < HOUR_S) return t('time.m', { m })
  const h = Math.floor(s / HOUR_S)
  const restMinutes = Math.floor((s % HOUR_S) / MINUTE_S)
  if (s < DAY_S) return restMinutes ? t('time.hm', { h, m: restMinutes }) : t('time.h', { h })
  const d = Math.floor(s / DAY_S)
  const restHours = Math.floor((s % DAY_S) / HOUR_S)
  return restHours ? t('time.dh', { d, h: restHours }) : t('time.d', { d })
}

/** A countdown in figures: `12:04`, `1:28:00`. */
export function countdown(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  const head = s >= HOUR_S ? `${Math.floor(s / HOUR_S)}:${two(Math.floor((s % HOUR_S) / MINUTE_S))}` : `${Math.floor(s / MINUTE_S)}`
  return `${head}:${two(s % MINUTE_S)}`
}

/** Seconds between an instant and now, never negative. */
export function ageSeconds(at: Instant, now: number): number {
  return Math.max(0, (now - new Date(at).getTime()) / 1000)
}

/** Hours and minutes to go, the begun minute counted: `1:30`, `0:45`. */
export function hoursLeft(seconds: number): string {
  const minutes = Math.ceil(Math.max(0, seconds) / MINUTE_S)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

/** `2026年11月`, `November 2026` of `2026-11`. */
export function monthLabel(month: string): string {
  return new Intl.DateTimeFormat(locale.value, { timeZone: ZONE, year: 'numeric', month: 'long' }).format(new Date(`${month}-15T12:00:00+08:00`))
}

/** The month some months later: `2026-01` − 1 → `2025-12`. */
export function shiftMonth(month: string, by: number): string {
  const [year = 0, m = 1] = month.split('-').map(Number)
  const index = year * 12 + (m - 1) + by
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}
