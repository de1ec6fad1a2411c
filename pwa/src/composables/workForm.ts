import { GRADES } from '@/api/work'
import type { WorkGrade, WorkKind, WorkReportDraft } from '@/api/types'
import { plantDay } from '@/format/times'
import type { MessageKey } from '@/i18n'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const STEP_MIN = 30
/** How long a permit may run, hours: GB 30871-2022, and our own 24 h and 7 d where it says nothing. */
const LONGEST_H: Record<WorkKind, Partial<Record<WorkGrade, number>>> = {
  hot_work: { special: 8, grade_1: 8, grade_2: 72 },
  confined_space: { none: 24 },
  blind_plate: { none: 24 },
  work_at_height: { grade_1: 168, grade_2: 168, grade_3: 168, grade_4: 168 },
  lifting: { grade_1: 24, grade_2: 24, grade_3: 24 },
  temporary_power: { none: 360 },
  excavation: { none: 168 },
  road_closure: { none: 168 },
}
const USUAL_H = 4

/** What is on the screen: days and hours apart, as people choose them. */
export interface WorkForm {
  id: string
  kind: WorkKind | null
  grade: WorkGrade | null
  place: string
  area: string
  content: string
  fromDay: string
  fromTime: string
  toDay: string
  toTime: string
  people: number
  outside: boolean
  contractor: string
  responsible: string
  phone: string
}

export interface WorkFault {
  field: 'kind' | 'grade' | 'place' | 'responsible' | 'contractor' | 'hours'
  text: MessageKey
  hours?: number
}

/** An instant from the plant's day and time. */
export const instant = (day: string, time: string): number => Date.parse(`${day}T${time}:00+08:00`)

function halfHourAfter(now: number): number {
  return Math.ceil(now / (STEP_MIN * 60_000)) * STEP_MIN * 60_000
}

const timeOf = (ms: number): string => new Date(ms + 8 * HOUR_MS).toISOString().slice(11, 16)

/** An empty form that starts at the next half hour. */
export function emptyForm(now: number, id: string = crypto.randomUUID()): WorkForm {
  const from = halfHourAfter(now)
  const to = from + USUAL_H * HOUR_MS
  return {
    id, kind: null, grade: null, place: '', area: '', content: '',
    fromDay: plantDay(from), fromTime: timeOf(from), toDay: plantDay(to), toTime: timeOf(to),
    people: 2, outside: false, contractor: '', responsible: '', phone: '',
  }
}

/** The day some days later: `2026-11-30` + 1 → `2026-12-01`. */
export function shiftDay(day: string, days: number): string {
  return plantDay(instant(day, '12:00') + days * DAY_MS)
}

/** The time some steps later, round the clock. */
export function shiftTime(time: string, steps: number): string {
  const [h = 0, m = 0] = time.split(':').map(Number)
  const minutes = (((Math.round((h * 60 + m) / STEP_MIN) + steps) * STEP_MIN) % 1440 + 1440) % 1440
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** The grade a kind has when there is nothing to choose; null while a choice is open. */
export function gradeFor(kind: WorkKind | null, grade: WorkGrade | null): WorkGrade | null {
  if (!kind) return null
  if (!GRADES[kind].length) return 'none'
  return grade && GRADES[kind].includes(grade) ? grade : null
}

/** What still keeps the form from being sent, in the order of the screen. */
export function faultsOf(form: WorkForm, now: number): WorkFault[] {
  const faults: WorkFault[] = []
  if (!form.kind) faults.push({ field: 'kind', text: 'work.form.fill.kind' })
  const grade = gradeFor(form.kind, form.grade)
  if (form.kind && !grade) faults.push({ field: 'grade', text: 'work.form.fill.grade' })
  if (!form.place.trim()) faults.push({ field: 'place', text: 'work.form.fill.place' })
  const from = instant(form.fromDay, form.fromTime)
  const to = instant(form.toDay, form.toTime)
  const longest = form.kind && grade ? LONGEST_H[form.kind][grade] : undefined
  if (!(to > from)) faults.push({ field: 'hours', text: 'work.form.fill.hours' })
  else if (to < now) faults.push({ field: 'hours', text: 'work.form.over' })
  else if (longest && to - from > longest * HOUR_MS) faults.push({ field: 'hours', text: 'work.form.fill.tooLong', hours: longest })
  if (!form.responsible.trim()) faults.push({ field: 'responsible', text: 'work.form.fill.responsible' })
  if (form.outside && !form.contractor.trim()) faults.push({ field: 'contractor', text: 'work.form.fill.contractor' })
  return faults
}

/** What is sent. Call only without faults. */
export function toDraft(form: WorkForm): WorkReportDraft {
  return {
    id: form.id,
    kind: form.kind ?? 'hot_work',
    grade: gradeFor(form.kind, form.grade) ?? 'none',
    place: form.place.trim(),
    area: form.area.trim(),
    content: form.content.trim(),
    plannedFrom: `${form.fromDay}T${form.fromTime}:00+08:00`,
    plannedTo: `${form.toDay}T${form.toTime}:00+08:00`,
    people: form.people,
    contractor: form.outside ? form.contractor.trim() : null,
    responsible: form.responsible.trim(),
    phone: form.phone.trim(),
  }
}

/** Everything of an earlier report but its hours and its id. */
export function copied(form: WorkForm, earlier: WorkReportDraft): WorkForm {
  const { kind, grade, place, area, content, people, contractor, responsible, phone } = earlier
  return { ...form, kind, grade, place, area, content, people, responsible, phone, outside: contractor != null, contractor: contractor ?? '' }
}
