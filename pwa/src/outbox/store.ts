import { database } from './database'
import { newItem, type NewItem, type OutboxItem } from './item'

const CHANNEL = 'anlan-outbox'

export type OutboxNews = { type: 'changed' } | { type: 'sent'; item: OutboxItem }

/** Tell every page and the service worker that the list has changed. */
function announce(news: OutboxNews): void {
  if (typeof BroadcastChannel === 'undefined') return
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage(news)
  channel.close()
}

/** Hear what other pages and the service worker did. Returns how to stop. */
export function listen(hear: (news: OutboxNews) => void): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => undefined
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = (event: MessageEvent<OutboxNews>) => hear(event.data)
  return () => channel.close()
}

/** One person's items, oldest first. */
export async function items(user: string): Promise<OutboxItem[]> {
  const found = await (await database()).getAllFromIndex('outbox', 'user', user)
  return found.sort((a, b) => a.at - b.at || a.id.localeCompare(b.id))
}

export async function add(input: NewItem, now = Date.now()): Promise<OutboxItem> {
  const item = newItem(input, now)
  await (await database()).put('outbox', structuredClone(item))
  announce({ type: 'changed' })
  return item
}

export async function update(item: OutboxItem): Promise<void> {
  await (await database()).put('outbox', item)
  announce({ type: 'changed' })
}

export async function remove(id: string): Promise<void> {
  await (await database()).delete('outbox', id)
  announce({ type: 'changed' })
}

/** The server has it. */
export async function settle(item: OutboxItem): Promise<void> {
  await (await database()).delete('outbox', item.id)
  announce({ type: 'sent', item })
}

/** Try a refused or waiting item again from the start. */
export async function retry(item: OutboxItem): Promise<void> {
  await update({ ...item, state: 'queued', refusal: null, nextAt: 0, holdUntil: 0 })
}
