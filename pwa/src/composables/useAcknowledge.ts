import { computed, readonly, ref, shallowRef } from 'vue'
import { t } from '@/i18n'
import { items, update } from '@/outbox/store'
import { sendWaiting, useOutbox } from './useOutbox'
import { useSession } from './useSession'

/** Time to take an acknowledgement back, ms. */
export const UNDO_MS = 5000

interface Held {
  /** Of the waiting item. */
  id: string
  alarmId: string
  title: string
  until: number
}

/** The server's lists show an acknowledgement after their next fetch; until then this phone remembers it, ms. */
const REMEMBER_MS = 15_000

const held = shallowRef<Held[]>([])
const arrived = shallowRef<ReadonlySet<string>>(new Set())
const clock = ref(Date.now())
let timer: ReturnType<typeof setInterval> | undefined

function tick(): void {
  clock.value = Date.now()
  held.value = held.value.filter((h) => h.until > clock.value)
  if (!held.value.length) {
    clearInterval(timer)
    timer = undefined
  }
}

/** `/api/v1/alarms/<id>/acknowledge` → the id. */
const alarmOf = (url: string): string => url.split('/')[4] ?? ''

/** Call once: remembers what has just reached the server. */
export function rememberAcknowledged(): void {
  useOutbox().onArrival((kind, item) => {
    if (kind !== 'acknowledge') return
    const id = alarmOf(item.url)
    arrived.value = new Set([...arrived.value, id])
    setTimeout(() => (arrived.value = new Set([...arrived.value].filter((other) => other !== id))), REMEMBER_MS)
  })
}

/** Do not wait for the five seconds: the person is leaving the page. */
async function release(user: string | undefined): Promise<void> {
  if (!held.value.length || !user) return
  const ids = new Set(held.value.map((h) => h.id))
  held.value = []
  for (const item of await items(user)) if (ids.has(item.id)) await update({ ...item, holdUntil: 0 })
  await sendWaiting()
}

/**
 * Acknowledging acts at once and can be taken back for five seconds; the request leaves after them, or earlier when
 * the page is left. It waits in the outbox meanwhile, so it survives a closed page and a lost network.
 */
export function useAcknowledge() {
  const outbox = useOutbox()
  const session = useSession()

  /** `title` is what the person sees in the toast; `at` is when they pressed, ms. */
  async function acknowledge(alarmId: string, title: string, at = Date.now()): Promise<void> {
    if (waitingFor.value.has(alarmId)) return
    const id = crypto.randomUUID()
    await outbox.enqueue({ id, kind: 'acknowledge', title: t('ack.outbox', { title }), url: `/api/v1/alarms/${alarmId}/acknowledge`, body: {}, holdMs: UNDO_MS })
    held.value = [...held.value, { id, alarmId, title, until: at + UNDO_MS }]
    clock.value = at
    timer ??= setInterval(tick, 250)
  }
  async function undo(): Promise<void> {
    const taken = held.value
    held.value = []
    await Promise.all(taken.map((h) => outbox.takeBack(h.id)))
  }
  /** Alarms that were acknowledged here and that the server's lists may still show as new. */
  const waitingFor = computed(() => new Set([...arrived.value, ...outbox.items.value.filter((i) => i.kind === 'acknowledge' && i.state === 'queued').map((i) => alarmOf(i.url))]))
  const secondsLeft = computed(() => Math.max(1, Math.ceil((Math.max(0, ...held.value.map((h) => h.until)) - clock.value) / 1000)))
  return { acknowledge, undo, release: () => release(session.me?.id), held: readonly(held), secondsLeft, waitingFor }
}
