import { expect, test } from 'vitest'
import { copied, emptyForm, faultsOf, gradeFor, instant, shiftDay, shiftTime, toDraft, type WorkForm } from '@/composables/workForm'

const NOW = Date.parse('2026-11-24T07:10:00+08:00')
const filled = (over: Partial<WorkForm> = {}): WorkForm => ({ ...emptyForm(NOW, 'id1'), kind: 'hot_work', grade: 'grade_1', place: ' 2# 泵区 P-204 ', responsible: '李海峰', ...over })

test('a new form starts today at the next half hour, also before eight in the morning', () => {
  expect(emptyForm(NOW)).toMatchObject({ fromDay: '2026-11-24', fromTime: '07:30', toDay: '2026-11-24', toTime: '11:30' })
  expect(emptyForm(Date.parse('2026-11-24T23:40:00+08:00'))).toMatchObject({ fromDay: '2026-11-25', fromTime: '00:00' })
})

test('days and times step over their ends', () => {
  expect(shiftDay('2026-11-30', 1)).toBe('2026-12-01')
  expect(shiftDay('2027-01-01', -1)).toBe('2026-12-31')
  expect(shiftTime('23:30', 1)).toBe('00:00')
  expect(shiftTime('00:00', -1)).toBe('23:30')
  expect(instant('2026-11-24', '08:00')).toBe(Date.parse('2026-11-24T00:00:00Z'))
})

test('a kind without grades needs none, and a grade of another kind does not count', () => {
  expect(gradeFor('confined_space', null)).toBe('none')
  expect(gradeFor('hot_work', 'grade_4')).toBeNull()
  expect(gradeFor('work_at_height', 'grade_4')).toBe('grade_4')
})

test('an empty form says everything that is missing, in the order of the screen', () => {
  expect(faultsOf(emptyForm(NOW), NOW).map((f) => f.field)).toEqual(['kind', 'place', 'responsible'])
  expect(faultsOf(filled(), NOW)).toEqual([])
})

test.each([
  [{ toTime: '07:00' }, 'work.form.fill.hours'],
  [{ fromDay: '2026-11-23', fromTime: '08:00', toDay: '2026-11-23', toTime: '10:00' }, 'work.form.over'],
  [{ toTime: '16:00' }, 'work.form.fill.tooLong'],
])('hours %o are refused', (over, text) => {
  expect(faultsOf(filled(over), NOW).map((f) => f.text)).toEqual([text])
})

test('grade 2 hot work may last three days, grade 1 eight hours', () => {
  const long = { toDay: '2026-11-27', toTime: '07:30' }
  expect(faultsOf(filled({ ...long, grade: 'grade_2' }), NOW)).toEqual([])
  expect(faultsOf(filled(long), NOW)[0]).toMatchObject({ hours: 8 })
})

test('a contractor has a name', () => {
  expect(faultsOf(filled({ outside: true }), NOW).map((f) => f.field)).toEqual(['contractor'])
})

test('what is sent is trimmed and carries the plant’s offset', () => {
  expect(toDraft(filled({ kind: 'confined_space' }))).toMatchObject({
    id: 'id1', kind: 'confined_space', grade: 'none', place: '2# 泵区 P-204', plannedFrom: '2026-11-24T07:30:00+08:00', plannedTo: '2026-11-24T11:30:00+08:00', contractor: null,
  })
})

test('an earlier report brings everything but its hours and its id', () => {
  const earlier = { ...toDraft(filled({ outside: true, contractor: '恒安' })), id: 'old', plannedFrom: '2026-11-01T00:00:00+08:00' }
  expect(copied(emptyForm(NOW, 'new'), earlier)).toMatchObject({ id: 'new', fromDay: '2026-11-24', contractor: '恒安', outside: true, place: '2# 泵区 P-204' })
})
