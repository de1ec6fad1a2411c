import { expect, test, vi } from 'vitest'
import { forgetCopies, keepCopies, personPersister } from '@/api/copies'
import { queryClient } from '@/api/queries'

test('answers are kept for the person who saw them and for nobody else', async () => {
  await keepCopies('one')
  queryClient.setQueryData(['alarms'], { data: [1], at: 1, cached: false })
  await vi.waitFor(async () => expect(await personPersister('one').restoreClient()).toBeTruthy(), 3000)
  expect(await personPersister('two').restoreClient()).toBeUndefined()
  await keepCopies('two')
  expect(queryClient.getQueryData(['alarms'])).toBeUndefined()
  await keepCopies('one')
  expect(queryClient.getQueryData(['alarms'])).toMatchObject({ data: [1] })
  await forgetCopies('one')
  expect(queryClient.getQueryData(['alarms'])).toBeUndefined()
  expect(await personPersister('one').restoreClient()).toBeUndefined()
})
