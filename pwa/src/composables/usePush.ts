import { computed, ref } from 'vue'
import { problemText } from '@/api/problem'
import { pushKey, pushTest, registerPush, unregisterPush } from '@/api/push'
import { hourMinuteSecond } from '@/format/times'
import { t } from '@/i18n'

/** A push service out of reach never answers; people should not wait for ever, ms. */
const PATIENCE_MS = 10_000

type Where = 'checking' | 'unsupported' | 'denied' | 'off' | 'on'

export function toKeyBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

class Hung extends Error {}

function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return Promise.race([work, new Promise<never>((_, reject) => setTimeout(() => reject(new Hung()), ms))])
}

const supported = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
/** iPhones offer push only to apps on the home screen. */
const mustInstall = () => /iPhone|iPad/.test(navigator.userAgent) && !matchMedia('(display-mode: standalone)').matches

/** Whether this phone rings, and turning that on and off; every failure says what happened and what to do. */
export function usePush() {
  const where = ref<Where>('checking')
  const busy = ref(false)
  const note = ref('')

  async function registration(): Promise<ServiceWorkerRegistration> {
    return inTime(navigator.serviceWorker.ready, PATIENCE_MS)
  }

  async function look(): Promise<void> {
    if (!supported()) {
      where.value = 'unsupported'
      note.value = mustInstall() ? t('me.push.install') : t('me.push.unsupported')
    } else if (Notification.permission === 'denied') {
      where.value = 'denied'
      note.value = t('me.push.denied')
    } else {
      const found = await navigator.serviceWorker.getRegistration()
      where.value = (await found?.pushManager.getSubscription()) ? 'on' : 'off'
    }
  }

  async function turnOn(): Promise<void> {
    if ((await Notification.requestPermission()) !== 'granted') return look()
    const key = await pushKey()
    let subscription: PushSubscription
    try {
      const { pushManager } = await registration()
      subscription = await inTime(pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: toKeyBytes(key) }), PATIENCE_MS)
    } catch (error) {
      note.value = error instanceof Hung ? t('me.push.hung') : t('me.push.vendor', { reason: error instanceof Error ? error.name : '?' })
      return
    }
    try {
      await registerPush(subscription.toJSON())
      where.value = 'on'
    } catch (error) {
      // Half a subscription rings nobody: the phone gives it back.
      await subscription.unsubscribe()
      note.value = t('me.push.server', { reason: problemText(error) })
    }
  }

  async function turnOff(): Promise<void> {
    const { pushManager } = await registration()
    const subscription = await pushManager.getSubscription()
    if (subscription) {
      await unregisterPush(subscription.endpoint)
      await subscription.unsubscribe()
    }
    where.value = 'off'
  }

  async function test(): Promise<void> {
    const sent = await pushTest()
    note.value = sent > 0 ? t('me.push.testSent', { time: hourMinuteSecond(Date.now()) }) : t('me.push.testNone')
  }

  async function doing(work: () => Promise<void>): Promise<void> {
    busy.value = true
    note.value = ''
    try {
      await work()
    } catch (error) {
      note.value = problemText(error)
    } finally {
      busy.value = false
    }
  }

  void look().catch(() => {
    where.value = 'unsupported'
    note.value = t('me.push.unsupported')
  })
  const usable = computed(() => where.value === 'on' || where.value === 'off')
  return { where, busy, note, usable, turnOn: () => doing(turnOn), turnOff: () => doing(turnOff), test: () => doing(test) }
}
