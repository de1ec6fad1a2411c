import { database } from './database'

/** Keep what a person has typed so far. */
export async function saveDraft(key: string, value: unknown, now = Date.now()): Promise<void> {
  await (await database()).put('drafts', { key, savedAt: now, value: structuredClone(value) })
}

/** A draft and when it was saved, ms; null when there is none. */
export async function loadDraft<T>(key: string): Promise<{ savedAt: number; value: T } | null> {
  const found = await (await database()).get('drafts', key)
  return found ? { savedAt: found.savedAt, value: found.value as T } : null
}

export async function dropDraft(key: string): Promise<void> {
  await (await database()).delete('drafts', key)
}
