import { readonly, ref, shallowReadonly } from 'vue'
import { serverNow } from './clock'
import { renewSession } from './session'

/** Longest wait before the next try to connect, ms. */
const LONGEST_WAIT_MS = 30_000

export type LiveName = 'alarm' | 'risk' | 'gateway'
export type Hear = (name: LiveName, data: unknown) => void

const connected = ref(false)
const heardAt = ref<number | null>(null)

/** Whether changes arrive by themselves now. */
export const liveConnected = readonly(connected)
/** The server's time of the last sign of life, ms. */
export const liveHeardAt = shallowReadonly(heardAt)

/**
 * Follow the live channel until the returned function is called. A dropped link is opened again with growing waits,
 * with a renewed session where needed; `again` is called after each new start, because what was missed is not resent.
 */
export function followLive(hear: Hear, again: () => void, url = '/api/v1/stream'): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let stopped = false
  let opened = 0

  const open = () => {
    source = new EventSource(url, { withCredentials: true })
    source.onopen = () => {
      tries = 0
      opened += 1
      connected.value = true
      heardAt.value = serverNow()
      if (opened > 1) again()
    }
    source.onerror = () => {
      connected.value = false
      if (source?.readyState !== EventSource.CLOSED) return
      tries += 1
      timer = setTimeout(() => void reopen(), Math.min(LONGEST_WAIT_MS, 1000 * 2 ** tries))
    }
    for (const name of ['alarm', 'risk', 'gateway'] as const) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        heardAt.value = serverNow()
        hear(name, JSON.parse(event.data) as unknown)
      })
    }
    // Too much was missed to be told one by one.
    source.addEventListener('resync', again)
  }
  // The browser gives up for good on any refusal; most often the short-lived token has run out.
  const reopen = async () => {
    await renewSession().catch(() => false)
    if (!stopped) open()
  }
  open()
  return () => {
    stopped = true
    clearTimeout(timer)
    source?.close()
    connected.value = false
  }
}
