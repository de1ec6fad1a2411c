import { onScopeDispose, readonly, ref, watch } from 'vue'
import { dropDraft, loadDraft, saveDraft } from '@/outbox/drafts'

/** A pause in typing this long saves, ms. */
const PAUSE_MS = 400

/**
 * Keeps what is typed into `form` (a reactive object) on this phone under `key`, and brings it back.
 * `restored` is true once it is known whether there was a draft; changes before that are not saved over it.
 */
export function useDraft<T extends object>(key: string, form: T) {
  const savedAt = ref<number | null>(null)
  const restored = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  const save = async () => {
    clearTimeout(timer)
    timer = undefined
    await saveDraft(key, JSON.parse(JSON.stringify(form)))
    savedAt.value = Date.now()
  }
  const ready = loadDraft<T>(key)
    .then((found) => {
      if (!found) return
      Object.assign(form, found.value)
      savedAt.value = found.savedAt
    })
    .catch(() => undefined)
    .finally(() => {
      restored.value = true
      watch(form, () => {
        clearTimeout(timer)
        timer = setTimeout(() => void save().catch(() => undefined), PAUSE_MS)
      }, { deep: true })
    })
  const onHide = () => {
    if (timer) void save().catch(() => undefined)
  }
  document.addEventListener('visibilitychange', onHide)
  onScopeDispose(() => {
    onHide()
    document.removeEventListener('visibilitychange', onHide)
  })
  /** The form has been sent or given up. */
  async function drop(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    savedAt.value = null
    await dropDraft(key)
  }
  return { savedAt: readonly(savedAt), restored: readonly(restored), ready, drop }
}
