import { api, taken } from './client'
import type { Me } from './types'

export function getMe(): Promise<Me> {
  return taken(api.GET('/api/v1/me'))
}

export function signIn(username: string, password: string): Promise<Me> {
  return taken(api.POST('/api/v1/session', { body: { username, password } }))
}

export async function signOut(everywhere: boolean): Promise<void> {
  if (everywhere) await taken(api.DELETE('/api/v1/sessions'))
  else await taken(api.DELETE('/api/v1/session'))
}

export function chooseLocale(locale: Me['locale']): Promise<Me> {
  return taken(api.PATCH('/api/v1/me', { body: { locale } }))
}
