import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import * as accounts from '@/api/accounts'
import { ApiProblem } from '@/api/problem'
import { cacheScope, onSignedOut, shareCsrf } from '@/api/session'
import type { Me, Role } from '@/api/types'
import { remember } from '@/outbox/database'

const KEY = 'anlan.me'
const SITE_ROLES: Role[] = ['enterprise_operator', 'safety_officer', 'main_responsible']

function saved(): Me | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as Me | null
  } catch {
    return null
  }
}

/** Who is signed in. The last person is remembered, so the app opens without a network. */
export const useSession = defineStore('session', () => {
  const me = shallowRef<Me | null>(saved())
  const expired = ref(false)
  const atSite = computed(() => me.value != null && SITE_ROLES.includes(me.value.role))

  const isExpert = computed(() => me.value?.role === 'safety_expert')

  function take(person: Me | null): void {
    me.value = person
    cacheScope.value = person?.id ?? null
    void remember('user', person?.id ?? null).catch(() => undefined)
    if (person) localStorage.setItem(KEY, JSON.stringify(person))
    else localStorage.removeItem(KEY)
  }

  /** Ask the server who we are; offline the remembered person stays. */
  async function check(): Promise<void> {
    if (!me.value) return
    try {
      take(await accounts.getMe())
      expired.value = false
      shareCsrf()
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) expired.value = true
    }
  }

  async function signIn(username: string, password: string): Promise<Me> {
    const person = await accounts.signIn(username, password)
    take(person)
    expired.value = false
    shareCsrf()
    return person
  }

  async function chooseLocale(locale: Me['locale']): Promise<void> {
    take(await accounts.chooseLocale(locale))
  }

  cacheScope.value = me.value?.id ?? null
  onSignedOut.value = () => {
    expired.value = me.value != null
  }
  return { me, expired, atSite, isExpert, take, check, signIn, signOut: accounts.signOut, chooseLocale }
})
