import { expect, test } from 'vitest'
import { formatLimit, formatNumber, formatShare } from '@/format/numbers'

test.each([
  [90.34, 1, '90.3'],
  [-0.3, 1, '−0.3'],
  [-0.04, 1, '0.0'],
  [9200, 0, '9\u2009200'],
  [-12345.67, 2, '−12\u2009345.67'],
  [999, 0, '999'],
  [null, 1, '—'],
  [Number.NaN, 1, '—'],
])('a reading of %s with %s decimals reads %s', (value, decimals, text) => {
  expect(formatNumber(value, decimals)).toBe(text)
})

test('a limit drops the zeros an instrument would add', () => {
  expect([90, 0.2, -0.3, 0.1 + 0.2].map(formatLimit)).toEqual(['90', '0.2', '−0.3', '0.3'])
})

test('a share of nothing is a dash, not zero percent', () => {
  expect(formatShare(392, 400)).toBe('98.0 %')
  expect(formatShare(0, 0)).toBe('—')
})
