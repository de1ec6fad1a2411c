import { readonly, ref, shallowRef } from 'vue'
import { zhCN } from './zh-CN'

export type MessageKey = keyof typeof zhCN
export type Catalogue = Record<MessageKey, string>
export type Locale = 'zh-CN' | 'en'
export type Params = Record<string, string | number>

const catalogue = shallowRef<Catalogue>(zhCN)
const current = ref<Locale>('zh-CN')

/** The language of the page. */
export const locale = readonly(current)

/**
 * The text of a key in the language of the page; `{name}` is replaced by `params.name`.
 * A text with `|` has a form for one and a form for more, chosen by `params.n`.
 */
export function t(key: MessageKey, params: Params = {}): string {
  const [one, more] = catalogue.value[key].split('|')
  const text = more !== undefined && params.n !== 1 ? more : (one ?? '')
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** Whether a key made at run time (from a server's `type`, for example) has a text. */
export function hasText(key: string): key is MessageKey {
  return key in zhCN
}

/** Switch the language; English is fetched the first time. */
export async function setLocale(next: Locale): Promise<void> {
  catalogue.value = next === 'en' ? (await import('./en')).en : zhCN
  current.value = next
  document.documentElement.lang = next
}
