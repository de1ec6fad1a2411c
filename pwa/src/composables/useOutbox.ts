import { computed, readonly, shallowRef } from 'vue'
import { csrfToken, renewSession } from '@/api/session'
import { drain } from '@/outbox/drain'
import type { NewItem, OutboxItem, OutboxKind, Refusal } from '@/outbox/item'
import { sendItem } from '@/outbox/send'
import { add, items, listen, remove, retry } from '@/outbox/store'

/** A person with a pen in the hand waits this long for an answer, ms. */
const PATIENCE_MS = 8000

type Arrival = (kind: OutboxKind, item: OutboxItem) => void

const waiting = shallowRef<OutboxItem[]>([])
const signedOut = shallowRef(false)
const arrivals = new Set<Arrival>()
let user: string | null = null
let timer: ReturnType<typeof setTimeout> | undefined

const wire = { csrf: async () => csrfToken(), refresh: () => renewSession().catch(() => false) }

async function refresh(): Promise<void> {
  waiting.value = user ? await items(user) : []
}

/** Send what waits. `fresh` ignores back-off, because the network has just come back or a person asked. */
export async function sendWaiting(fresh = false): Promise<void> {
  // A phone that says it has no network is right; one that says it has one may be wrong.
  if (!user || !navigator.onLine) return
  const result = await drain(user, (item) => sendItem(item, wire), { fresh }).catch(() => null)
  await refresh()
  clearTimeout(timer)
  if (!result) return
  signedOut.value = result.signedOut
  if (result.nextAt != null && !result.signedOut) {
    timer = setTimeout(() => void sendWaiting(), Math.max(250, result.nextAt - Date.now()))
  }
}

/** Ask the service worker to send when the network is back, also with every page closed. */
async function askForSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  await (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync?.register('outbox')
}

/** Begin (or end, with null) to look after one person's waiting list. */
export async function startOutbox(person: string | null): Promise<void> {
  user = person
  clearTimeout(timer)
  await refresh()
  void sendWaiting(true)
}

/** Wire the triggers once: network back, page shown or hidden, news from other tabs and the service worker. */
export function watchOutbox(): void {
  window.addEventListener('online', () => void sendWaiting(true))
  document.addEventListener('visibilitychange', () => void sendWaiting(document.visibilityState === 'visible'))
  listen((news) => {
    void refresh()
    if (news.type === 'sent') arrivals.forEach((hear) => hear(news.item.kind, news.item))
  })
}

/** The waiting list of the signed-in person. */
export function useOutbox() {
  /** Queue a filing and try to send it at once. */
  async function enqueue(item: Omit<NewItem, 'user'>): Promise<OutboxItem> {
    if (!user) throw new Error('nobody is signed in')
    const added = await add({ ...item, user })
    await refresh()
    void navigator.storage?.persist?.()
    void askForSync().catch(() => undefined)
    void sendWaiting()
    return added
  }
  /**
   * Queue a filing and wait a moment for the server's answer. A refusal comes back to its form and leaves the list;
   * no answer means that the filing waits.
   */
  async function file(item: Omit<NewItem, 'user'>): Promise<'sent' | 'queued' | Refusal> {
    if (!user) throw new Error('nobody is signed in')
    await add({ ...item, user })
    await refresh()
    void navigator.storage?.persist?.()
    void askForSync().catch(() => undefined)
    await Promise.race([sendWaiting(true), new Promise((done) => setTimeout(done, PATIENCE_MS))])
    const found = (await items(user)).find((other) => other.id === item.id)
    if (!found) return 'sent'
    if (!found.refusal) return 'queued'
    await remove(item.id)
    await refresh()
    return found.refusal
  }
  /** Take an item back before it has left; false when it has. */
  async function takeBack(id: string): Promise<boolean> {
    const found = (await items(user ?? '')).find((item) => item.id === id)
    if (found) await remove(id)
    await refresh()
    return found != null
  }
  return {
    items: readonly(waiting),
    queued: computed(() => waiting.value.filter((item) => item.state === 'queued')),
    failed: computed(() => waiting.value.filter((item) => item.state === 'failed')),
    signedOut: readonly(signedOut),
    enqueue,
    file,
    takeBack,
    retry: (item: OutboxItem) => retry(item).then(() => sendWaiting(true)),
    sendNow: () => sendWaiting(true),
    onArrival: (hear: Arrival) => {
      arrivals.add(hear)
      return () => arrivals.delete(hear)
    },
  }
}
