import { onScopeDispose, toValue, type MaybeRefOrGetter } from 'vue'

export interface ListKeys {
  /** Ids in the order of the screen. */
  ids: MaybeRefOrGetter<readonly string[]>
  current: MaybeRefOrGetter<string | null>
  open: (id: string) => void
  close?: () => void
  /** a: act on the current one. */
  act?: (id: string) => void
  /** /: go to the search field. */
  search?: () => void
}

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** The neighbour of the current id; the first or last one when there is none. */
export function neighbour(ids: readonly string[], current: string | null, by: 1 | -1): string | undefined {
  const at = current == null ? -1 : ids.indexOf(current)
  if (at < 0) return by > 0 ? ids[0] : ids.at(-1)
  return ids[at + by]
}

/** j and k move, a acts, / searches, Esc goes back. Not while typing, not with modifiers, not under an open sheet. */
export function useListKeys(keys: ListKeys): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('[aria-modal="true"]')) return
    if (typing(event.target)) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur()
      return
    }
    const current = toValue(keys.current)
    if (event.key === 'j' || event.key === 'k') {
      const next = neighbour(toValue(keys.ids), current, event.key === 'j' ? 1 : -1)
      if (next) keys.open(next)
    } else if (event.key === 'a' && current) keys.act?.(current)
    else if (event.key === 'Escape' && current) keys.close?.()
    else if (event.key === '/' && keys.search) {
      event.preventDefault()
      keys.search()
    }
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}
