import { expect, test } from 'vitest'
import { partsOf } from '@/components/enterprise/register'
import type { EnterpriseRegister } from '@/api/types'
import { chained, heading } from '@/composables/pageChain'

test('each page says where the next one begins', () => {
  const first = chained([null], 0, 'b')
  expect(first).toEqual([null, 'b'])
  expect(chained(first, 1, 'c')).toEqual([null, 'b', 'c'])
})

test('an answer that changes nothing leaves the list as it is', () => {
  const marks = [null, 'b', 'c']
  expect(chained(marks, 0, 'b')).toBe(marks)
  expect(chained([null], 0, null)).toEqual([null])
})

test('a list that grew moves the page after, one that shrank ends', () => {
  expect(chained([null, 'b', 'c'], 0, 'a9')).toEqual([null, 'a9', 'c'])
  expect(chained([null, 'b', 'c'], 1, null)).toEqual([null, 'b'])
})

test('a group that goes on from the page before has its heading there', () => {
  expect([heading('A', true, 'A'), heading('A', true, 'B'), heading('A', false, 'A'), heading('A', true, undefined)]).toEqual(['', 'A', 'A', 'A'])
})

test('what stands at a hazard is told from what stands at none', () => {
  const register = { processUnits: [{ hazardId: 'h' }, { hazardId: null }], warehouses: [{ hazardId: null }], loadingStations: [], cameras: [], areas: [] } as unknown as EnterpriseRegister
  expect([partsOf(register, 'h').count, partsOf(register, null).count, partsOf(register, 'other').count]).toEqual([1, 2, 0])
})
