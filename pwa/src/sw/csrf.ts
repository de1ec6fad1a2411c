import { recall } from '@/outbox/database'

interface CookieStore {
  get(name: string): Promise<{ value: string } | null>
}

/** The proof for writes: from the cookie where a worker may read it, else as the page left it in the database. */
export async function csrfOfWorker(): Promise<string | null> {
  const store = (self as unknown as { cookieStore?: CookieStore }).cookieStore
  const cookie = await store?.get('anlan_csrf').catch(() => null)
  return cookie?.value ?? (await recall('csrf').catch(() => null))
}
