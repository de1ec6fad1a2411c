import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Me } from '@/api/types'
import { useAcknowledge, UNDO_MS } from '@/composables/useAcknowledge'
import { startOutbox } from '@/composables/useOutbox'
import { useSession } from '@/composables/useSession'
import { database } from '@/outbox/database'
import { items } from '@/outbox/store'

const posts: string[] = []

beforeEach(async () => {
  setActivePinia(createPinia())
  useSession().take({ id: 'me', role: 'safety_officer' } as Me)
  await (await database()).clear('outbox')
  posts.length = 0
  vi.stubGlobal('fetch', async (url: string) => {
    posts.push(url)
    return new Response('{}')
  })
  await startOutbox('me')
})
afterEach(() => vi.unstubAllGlobals())

test('an acknowledgement waits five seconds and can be taken back', async () => {
  const { acknowledge, undo, held, waitingFor } = useAcknowledge()
  await acknowledge('a1', 'TK-101 液位高高报')
  expect(waitingFor.value.has('a1')).toBe(true)
  expect(held.value).toHaveLength(1)
  const [item] = await items('me')
  expect(item!.holdUntil - item!.at).toBe(UNDO_MS)
  await undo()
  expect(waitingFor.value.has('a1')).toBe(false)
  expect(await items('me')).toEqual([])
  expect(posts).toEqual([])
})

test('leaving the page sends it at once', async () => {
  const { acknowledge, release } = useAcknowledge()
  await acknowledge('a2', 'x')
  await release()
  expect(posts).toEqual(['/api/v1/alarms/a2/acknowledge'])
  expect(await items('me')).toEqual([])
})

test('pressing twice is one acknowledgement', async () => {
  const { acknowledge, undo } = useAcknowledge()
  await acknowledge('a3', 'x')
  await acknowledge('a3', 'x')
  expect(await items('me')).toHaveLength(1)
  await undo()
})
