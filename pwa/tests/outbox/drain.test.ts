import { beforeEach, expect, test } from 'vitest'
import { database } from '@/outbox/database'
import { drain, type Outcome, type Send } from '@/outbox/drain'
import { backoffSeconds } from '@/outbox/item'
import { add, items, listen, retry } from '@/outbox/store'

const ME = 'me'
const form = (id: string, over: object = {}) => ({ id, user: ME, kind: 'work_report' as const, title: id, url: '/x', body: { id }, ...over })

beforeEach(async () => {
  await (await database()).clear('outbox')
})

/** Answers in turn, and remembers what it was given. */
function sender(...outcomes: Outcome[]) {
  const given: string[] = []
  const send: Send = async (item) => {
    given.push(item.id)
    return outcomes[given.length - 1] ?? { kind: 'arrived' }
  }
  return { send, given }
}

test('items leave in the order in which they were made, and are gone once they have arrived', async () => {
  await add(form('b'), 200)
  await add(form('a'), 100)
  const { send, given } = sender()
  expect(await drain(ME, send)).toMatchObject({ sent: 2, left: 0, nextAt: null })
  expect(given).toEqual(['a', 'b'])
  expect(await items(ME)).toEqual([])
})

test('a failure that may pass keeps the item and those behind it', async () => {
  await add(form('a'), 100)
  await add(form('b'), 200)
  const { send, given } = sender({ kind: 'later' })
  const result = await drain(ME, send, { now: () => 1000 })
  expect(given).toEqual(['a'])
  expect(result).toMatchObject({ sent: 0, left: 2 })
  expect((await items(ME))[0]).toMatchObject({ tries: 1, nextAt: 1000 + backoffSeconds(1) * 1000, state: 'queued' })
})

test('a refusal stays with its reason and does not hold up the next one', async () => {
  await add(form('a'), 100)
  await add(form('b'), 200)
  const { send, given } = sender({ kind: 'refused', refusal: { status: 422, kind: 'invalid', detail: 'no' } })
  expect(await drain(ME, send)).toMatchObject({ sent: 1, left: 0 })
  expect(given).toEqual(['a', 'b'])
  const [refused] = await items(ME)
  expect(refused).toMatchObject({ id: 'a', state: 'failed', refusal: { kind: 'invalid' } })
  await drain(ME, send)
  expect(given).toEqual(['a', 'b'])
  await retry(refused!)
  await drain(ME, send)
  expect(given).toEqual(['a', 'b', 'a'])
})

test('a lost session ends the round and is not counted as a try', async () => {
  await add(form('a'), 100)
  const { send } = sender({ kind: 'signed_out' })
  expect(await drain(ME, send)).toMatchObject({ signedOut: true, left: 1 })
  expect((await items(ME))[0]).toMatchObject({ tries: 0 })
})

test('back-off is kept, until the network has come back', async () => {
  await add(form('a'), 100)
  const { send, given } = sender({ kind: 'later' })
  await drain(ME, send, { now: () => 1000 })
  await drain(ME, send, { now: () => 1500 })
  expect(given).toHaveLength(1)
  await drain(ME, send, { now: () => 1500, fresh: true })
  expect(given).toHaveLength(2)
})

test('a held item lets others pass and tells when it may go', async () => {
  await add(form('ack', { holdMs: 5000 }), 1000)
  await add(form('b'), 1100)
  const { send, given } = sender()
  expect(await drain(ME, send, { now: () => 2000 })).toMatchObject({ sent: 1, left: 1, nextAt: 6000 })
  expect(given).toEqual(['b'])
  await drain(ME, send, { now: () => 6000 })
  expect(given).toEqual(['b', 'ack'])
})

test("another person's items are not touched", async () => {
  await add(form('theirs', { user: 'other' }), 100)
  const { send, given } = sender()
  expect(await drain(ME, send)).toMatchObject({ sent: 0, left: 0 })
  expect(given).toEqual([])
  expect(await items('other')).toHaveLength(1)
})

test('waits grow and end at five minutes', () => {
  expect([1, 2, 3, 20].map(backoffSeconds)).toEqual([2, 4, 8, 300])
})

test('other tabs hear of changes and arrivals', async () => {
  const heard: string[] = []
  const stop = listen((news) => heard.push(news.type))
  await add(form('a'), 100)
  await drain(ME, sender().send)
  await new Promise((done) => setTimeout(done, 30))
  stop()
  expect(heard).toEqual(['changed', 'sent'])
})
