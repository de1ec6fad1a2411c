import { recall } from '@/outbox/database'
import { csrfOfWorker } from './csrf'

/** What the server seals into a push. Everything but the title is optional, so that an older worker survives a newer server. */
export interface PushMessage {
  title: string
  body?: string
  /** Replaces an earlier notification of the same thing. */
  tag?: string
  /** Where a tap leads, a path of this app. */
  url?: string
  /** The delivery, to be told as shown. */
  id?: string
  alarmId?: string
  /** 0 blue … 3 red. */
  riskLevel?: number
}

/** TypeScript's library leaves these out; browsers that do not know them ignore them. */
interface Shown extends NotificationOptions {
  actions?: { action: string; title: string }[]
  renotify?: boolean
  timestamp?: number
  vibrate?: number[]
}

/** Orange and red stay on the screen until someone looks. */
const STAYS_FROM_LEVEL = 2
const TEXTS = {
  'zh-CN': { unreadable: '安澜有新消息', acknowledge: '确认', view: '查看' },
  en: { unreadable: 'Anlan has news', acknowledge: 'Acknowledge', view: 'View' },
}

/** Only paths of this app: a push must not open someone else's page. */
export function safePath(url: string | undefined, origin: string): string {
  try {
    const target = new URL(url ?? '/', origin)
    return target.origin === origin ? target.pathname + target.search : '/'
  } catch {
    return '/'
  }
}

/** The notification for a message. */
export function notificationOf(message: PushMessage, locale: 'zh-CN' | 'en'): { title: string; options: Shown } {
  const texts = TEXTS[locale]
  const url = message.url ?? (message.alarmId ? `/alarms/${message.alarmId}` : '/')
  const stays = (message.riskLevel ?? 0) >= STAYS_FROM_LEVEL
  return {
    title: message.title || texts.unreadable,
    options: {
      body: message.body,
      tag: message.tag ?? (message.alarmId ? `alarm-${message.alarmId}` : undefined),
      renotify: Boolean(message.tag ?? message.alarmId),
      requireInteraction: stays,
      vibrate: stays ? [300, 120, 300, 120, 300] : [200],
      icon: '/icons/icon-192.png',
      badge: '/icons/badge-96.png',
      lang: locale,
      timestamp: Date.now(),
      data: { url },
      actions: message.alarmId
        ? [
            { action: 'acknowledge', title: texts.acknowledge },
            { action: 'view', title: texts.view },
          ]
        : [],
    },
  }
}

function parse(data: PushMessageData | null): PushMessage {
  try {
    const found = data?.json() as Partial<PushMessage> | undefined
    return { ...found, title: found?.title ?? '' }
  } catch {
    return { title: data?.text() ?? '' }
  }
}

/** The ledger learns that the message came on a screen; without an answer it simply does not. */
async function tellShown(deliveryId: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-csrf-token': (await csrfOfWorker()) ?? '' }
  await fetch('/api/v1/push/shown', { method: 'POST', headers, body: JSON.stringify({ deliveryId }) }).catch(() => undefined)
}

async function goTo(sw: ServiceWorkerGlobalScope, path: string): Promise<void> {
  const windows = await sw.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const [open] = windows
  if (!open) {
    await sw.clients.openWindow(path)
    return
  }
  await open.focus().catch(() => undefined)
  open.postMessage({ type: 'navigate', path })
}

/** Every push shows a notification, also when a window is open; a tap goes to the window that is already there. */
export function startPush(sw: ServiceWorkerGlobalScope): void {
  sw.addEventListener('push', (event) => {
    event.waitUntil(
      (async () => {
        const locale = (await recall('locale').catch(() => null)) === 'en' ? 'en' : 'zh-CN'
        const message = parse(event.data)
        const { title, options } = notificationOf(message, locale)
        await sw.registration.showNotification(title, options)
        if (message.id) await tellShown(message.id)
      })(),
    )
  })
  sw.addEventListener('notificationclick', (event) => {
    event.notification.close()
    const path = safePath((event.notification.data as { url?: string } | null)?.url, sw.location.origin)
    event.waitUntil(goTo(sw, event.action === 'acknowledge' ? `${path}?acknowledge=1` : path))
  })
}
