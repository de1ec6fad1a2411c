import { computed, shallowRef } from 'vue'

/** Chromium's event that offers installing; other browsers have their own menus. */
interface InstallPrompt extends Event {
  prompt(): Promise<void>
}

const offered = shallowRef<InstallPrompt | null>(null)
if (typeof window !== 'undefined') {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    offered.value = event as InstallPrompt
  })
  window.addEventListener('appinstalled', () => (offered.value = null))
}

/** Offer to install only when the person looks for it, and only where the browser can. */
export function useInstall() {
  async function install(): Promise<void> {
    const prompt = offered.value
    offered.value = null
    await prompt?.prompt()
  }
  return { available: computed(() => offered.value != null), install }
}
