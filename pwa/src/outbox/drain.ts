import { backoffSeconds, type OutboxItem, type Refusal } from './item'
import { items, settle, update } from './store'

/** What became of one try: arrived, try later, sign in first, or refused for good. */
export type Outcome =
  | { kind: 'arrived' }
  | { kind: 'later' }
  | { kind: 'signed_out' }
  | { kind: 'refused'; refusal: Refusal }

export type Send = (item: OutboxItem) => Promise<Outcome>

export interface DrainResult {
  sent: number
  /** Still waiting, held ones included; refused ones are not. */
  left: number
  signedOut: boolean
  /** When it makes sense to drain again, ms; null when nothing waits. */
  nextAt: number | null
}

export interface DrainOptions {
  /** Ignore earlier back-off: the network has just come back. @default false */
  fresh?: boolean
  now?: () => number
}

/** One drainer at a time among all tabs and the service worker. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work()
  return navigator.locks.request('anlan-outbox', work) as Promise<T>
}

/**
 * Send one person's waiting items in order. A failure that may pass (network, 5xx, 408, 425, 429) ends the round;
 * a refusal stays on the list with its reason and the next item goes on; a lost session ends the round.
 */
export function drain(user: string, send: Send, options: DrainOptions = {}): Promise<DrainResult> {
  const now = options.now ?? Date.now
  return alone(async () => {
    let sent = 0
    let signedOut = false
    for (const item of await items(user)) {
      if (item.state === 'failed' || item.holdUntil > now()) continue
      if (!options.fresh && item.nextAt > now()) break
      const outcome = await send(item)
      if (outcome.kind === 'arrived') {
        await settle(item)
        sent += 1
      } else if (outcome.kind === 'refused') {
        await update({ ...item, tries: item.tries + 1, state: 'failed', refusal: outcome.refusal })
      } else {
        signedOut = outcome.kind === 'signed_out'
        const tries = item.tries + (signedOut ? 0 : 1)
        await update({ ...item, tries, nextAt: now() + backoffSeconds(tries) * 1000 })
        break
      }
    }
    const waiting = (await items(user)).filter((item) => item.state === 'queued')
    const times = waiting.map((item) => Math.max(item.nextAt, item.holdUntil))
    return { sent, left: waiting.length, signedOut, nextAt: times.length ? Math.min(...times) : null }
  })
}
