import { expect, test } from 'vitest'
import type { Chemical, HeldChemical } from '@/api/types'
import { heldFaults, heldText, knownChemical, moved, parseQuantity, suggestions, toHeld, type HeldText } from '@/composables/quantitiesForm'
import { coordinatesText, gradeRange } from '@/components/enterprise/words'

const chemical = (name: string, cas: string, ...aliases: string[]) => ({ name, nameEn: '', cas, aliases, hazardClass: '', thresholdT: 10, beta: 2 }) as unknown as Chemical
const KNOWN = [chemical('氨', '7664-41-7', '液氨'), chemical('氯', '7782-50-5', '液氯'), chemical('氯乙烯', '75-01-4')]
const row = (chemicalName: string, quantity: string, hazardClass = ''): HeldText => ({ chemical: chemicalName, cas: '', hazardClass, quantity })

test.each([
  ['600', 600],
  [' 0.5 ', 0.5],
  ['1,200', 1200],
  ['0', 0],
  ['', null],
  ['-1', null],
  ['十', null],
  ['1e9', null],
  ['99999999', null],
])('%j t means %s', (typed, value) => {
  expect(parseQuantity(typed)).toBe(value)
})

test('a chemical is known by its name, an alias or its CAS number', () => {
  expect([knownChemical('液氨', KNOWN)?.name, knownChemical('7782-50-5', KNOWN)?.name, knownChemical('某物', KNOWN), knownChemical(' ', KNOWN)]).toEqual(['氨', '氯', undefined, undefined])
})

test('names that begin with what is typed come first; a chosen one is offered nothing', () => {
  expect(suggestions('氯', KNOWN)).toEqual([])
  expect(suggestions('液', KNOWN).map((each) => each.name)).toEqual(['氨', '氯'])
  expect(suggestions('乙', KNOWN).map((each) => each.name)).toEqual(['氯乙烯'])
  expect(suggestions('液', KNOWN, 1)).toHaveLength(1)
})

test('what keeps R from being computed is said in the order of the screen', () => {
  const faults = (rows: HeldText[], known: Chemical[] | null = KNOWN) => heldFaults(rows, known ?? undefined).map(({ row: at, part }) => [at, part])
  expect(faults([row('氨', '40')])).toEqual([])
  expect(faults([row('', 'x'), row('某物', '1'), row('某物', '1', 'W2')])).toEqual([[0, 'chemical'], [0, 'quantity'], [1, 'hazardClass'], [2, 'chemical']])
  // Until the reference has come the server alone decides.
  expect(faults([row('某物', '1')], null)).toEqual([])
})

test('the same quantities in another order are no change', () => {
  const held = [{ chemical: '氨', cas: '7664-41-7', hazardClass: '', quantityT: 40 }, { chemical: '苯', cas: '', hazardClass: 'W5.3', quantityT: 0.5 }] as HeldChemical[]
  const rows = held.map(heldText)
  expect(moved([...rows].reverse(), held)).toBe(false)
  expect(moved([{ ...rows[0]!, quantity: '40.5' }, rows[1]!], held)).toBe(true)
  expect(toHeld([{ ...rows[1]!, chemical: ' 苯 ' }])).toEqual([{ chemical: '苯', cas: '', hazardClass: 'W5.3', quantityT: 0.5 }])
})

test('a grade says its bounds, a place its datum', () => {
  expect([1, 2, 3, 4].map(gradeRange)).toEqual(['R ≥ 100', '50 ≤ R < 100', '10 ≤ R < 50', 'R < 10'])
  expect(coordinatesText(118.305, 36.812)).toBe('东经 118.30500°，北纬 36.81200°（CGCS2000）')
})
