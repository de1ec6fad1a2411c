import { computed, reactive, ref, watch } from 'vue'
import { setLocale, type Locale } from '@/i18n'
import { remember } from '@/outbox/database'

export type Theme = 'auto' | 'light' | 'dark'
/** m 16 px, l 18 px, xl 20 px body text. */
export type TextSize = 'm' | 'l' | 'xl'

interface Appearance {
  theme: Theme
  text: TextSize
  /** Outdoor mode: black on white, no tints. */
  sun: boolean
  locale: Locale
}

const KEY = 'anlan.appearance'
const DEFAULTS: Appearance = { theme: 'auto', text: 'm', sun: false, locale: 'zh-CN' }

function read(): Appearance {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Appearance>) }
  } catch {
    return { ...DEFAULTS }
  }
}

const chosen = reactive<Appearance>(read())
const stamp = ref(0)
const darkOutside = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)')
const outside = ref(darkOutside?.matches ?? false)
darkOutside?.addEventListener('change', (event) => {
  outside.value = event.matches
})

const dark = computed(() => !chosen.sun && (chosen.theme === 'dark' || (chosen.theme === 'auto' && outside.value)))

/** Changes whenever colours or sizes change, for what is drawn on a canvas. */
export const appearanceStamp = computed(() => stamp.value)

function apply(): void {
  const root = document.documentElement
  root.classList.toggle('van-theme-dark', dark.value)
  if (chosen.text === 'm') delete root.dataset.text
  else root.dataset.text = chosen.text
  if (chosen.sun) root.dataset.sun = '1'
  else delete root.dataset.sun
  stamp.value += 1
}

/** Keep the page as chosen on this device from now on. Call once, before the first paint of the app. */
export async function startAppearance(): Promise<void> {
  watch([dark, () => chosen.text, () => chosen.sun], apply, { immediate: true })
  watch(chosen, (now) => localStorage.setItem(KEY, JSON.stringify(now)), { deep: true })
  watch(
    () => chosen.locale,
    (now) => {
      void setLocale(now)
      void remember('locale', now).catch(() => undefined)
    },
  )
  await setLocale(chosen.locale)
}

/** Theme, text size, outdoor mode and language of this device; all can be set. */
export function useAppearance() {
  return { chosen, dark }
}
