import { onScopeDispose, readonly, ref } from 'vue'
import { serverNow } from '@/api/clock'

const now = ref(serverNow())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The server's time in ms, moving once a second while anyone looks. */
export function useNow() {
  watchers += 1
  now.value = serverNow()
  timer ??= setInterval(() => {
    now.value = serverNow()
  }, 1000)
  onScopeDispose(() => {
    watchers -= 1
    if (watchers === 0) {
      clearInterval(timer)
      timer = undefined
    }
  })
  return readonly(now)
}
