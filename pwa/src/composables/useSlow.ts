import { onScopeDispose, readonly, ref, toValue, watch, type MaybeRefOrGetter } from 'vue'

/** A skeleton that flashes for half a second tells nothing, ms. */
const SKELETON_MS = 1000
/** From here people wonder whether anything happens, ms. */
const SLOW_MS = 8000

/** How long something has been pending: not worth a word yet, worth a skeleton, worth an excuse. */
export function useSlow(pending: MaybeRefOrGetter<boolean>) {
  const phase = ref<'quiet' | 'skeleton' | 'slow'>('quiet')
  let timers: ReturnType<typeof setTimeout>[] = []
  const clear = () => {
    timers.forEach(clearTimeout)
    timers = []
    phase.value = 'quiet'
  }
  watch(
    () => toValue(pending),
    (now) => {
      clear()
      if (!now) return
      timers = [
        setTimeout(() => (phase.value = 'skeleton'), SKELETON_MS),
        setTimeout(() => (phase.value = 'slow'), SLOW_MS),
      ]
    },
    { immediate: true },
  )
  onScopeDispose(clear)
  return readonly(phase)
}
