import { shallowRef } from 'vue'
import { remember } from '@/outbox/database'

const CSRF_COOKIE = 'anlan_csrf'

/** Whose answers may be kept on this phone: the signed-in person's id. */
export const cacheScope = shallowRef<string | null>(null)
/** Called when the session is over and cannot be renewed. */
export const onSignedOut = shallowRef<() => void>(() => undefined)

let renewing: Promise<boolean> | null = null

/** The value that a write repeats to prove that our own page asks. */
export function csrfToken(): string | null {
  const found = document.cookie.split('; ').find((c) => c.startsWith(`${CSRF_COOKIE}=`))
  return found ? decodeURIComponent(found.slice(CSRF_COOKIE.length + 1)) : null
}

/** The service worker cannot read cookies everywhere; it takes the token from the phone's database. */
export function shareCsrf(): void {
  void remember('csrf', csrfToken()).catch(() => undefined)
}

/** Renew the session, once for all who ask at the same time. Rejects when the server cannot be reached. */
export function renewSession(): Promise<boolean> {
  renewing ??= globalThis
    .fetch('/api/v1/session/refresh', { method: 'POST', headers: { 'x-csrf-token': csrfToken() ?? '' } })
    .then((response) => {
      if (response.ok) shareCsrf()
      else if (response.status >= 500) throw new Error(`renewal answered ${response.status}`)
      return response.ok
    })
    .finally(() => {
      renewing = null
    })
  return renewing
}
