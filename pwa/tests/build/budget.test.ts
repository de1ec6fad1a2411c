import { expect, test } from 'vitest'
import { closure } from '../../build/budget.ts'

test('a page needs what its imports import, each once', () => {
  const chunks = new Map([
    ['page', { imports: ['list', 'icons'] }],
    ['list', { imports: ['icons', 'page'] }],
    ['icons', { imports: [] }],
    ['other', { imports: [] }],
  ])
  expect([...closure('page', chunks)].sort()).toEqual(['icons', 'list', 'page'])
})
