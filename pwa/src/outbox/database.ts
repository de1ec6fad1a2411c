import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { OutboxItem } from './item'

export interface Draft {
  /** user, form and day. */
  key: string
  savedAt: number
  value: unknown
}

interface Shelves extends DBSchema {
  outbox: { key: string; value: OutboxItem; indexes: { user: string } }
  drafts: { key: string; value: Draft }
  /** Copies of answers for reading offline, one row a person. */
  copies: { key: string; value: unknown }
  /** What the service worker must know and cannot ask: who is signed in, in which language, the CSRF token. */
  facts: { key: string; value: string | null }
}

let opened: Promise<IDBPDatabase<Shelves>> | undefined

/** The phone's own database, shared by page and service worker. */
export function database(): Promise<IDBPDatabase<Shelves>> {
  opened ??= openDB<Shelves>('anlan', 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'id' }).createIndex('user', 'user')
      db.createObjectStore('drafts', { keyPath: 'key' })
      db.createObjectStore('copies')
      db.createObjectStore('facts')
    },
    terminated: () => {
      opened = undefined
    },
  })
  return opened
}

type Fact = 'user' | 'locale' | 'csrf'

export async function remember(fact: Fact, value: string | null): Promise<void> {
  await (await database()).put('facts', value, fact)
}

export async function recall(fact: Fact): Promise<string | null> {
  return (await (await database()).get('facts', fact)) ?? null
}
