import { readonly, ref } from 'vue'

const online = ref(typeof navigator === 'undefined' ? true : navigator.onLine)
if (typeof window !== 'undefined') {
  window.addEventListener('online', () => (online.value = true))
  window.addEventListener('offline', () => (online.value = false))
}

/** Whether the phone thinks it has a network. It lies on bad ones; a failed request is the better proof. */
export function useOnline() {
  return readonly(online)
}
