import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { forgetCopies } from '@/api/copies'
import { t } from '@/i18n'
import { useSession } from './useSession'

/** Leaving: the server ends the session, this phone forgets what was seen; drafts and the outbox stay for their owner. */
export function useSignOut() {
  const session = useSession()
  const router = useRouter()
  const busy = ref(false)
  const failure = ref('')

  /** Without a network `everywhere` cannot work and is refused; leaving this phone still can, after saying so once. */
  async function signOut(everywhere: boolean): Promise<void> {
    busy.value = true
    const warned = failure.value !== ''
    try {
      await session.signOut(everywhere)
    } catch {
      failure.value = t('me.signOut.failed')
      if (everywhere || !warned) return
    } finally {
      busy.value = false
    }
    const user = session.me?.id
    session.take(null)
    if (user) await forgetCopies(user)
    await router.replace({ name: 'sign-in' })
  }
  return { busy, failure, signOut }
}
