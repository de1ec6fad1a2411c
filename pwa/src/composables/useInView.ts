import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue'

/** The element that scrolls around this one. */
export function scrollerOf(element: Element | null): HTMLElement | null {
  for (let at = element?.parentElement ?? null; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at
  }
  return null
}

/** Whether an element is on the screen or within `marginPx` of it. Where the browser cannot tell, it is. */
export function useInView(element: Ref<HTMLElement | null>, marginPx = 600, start = false) {
  const can = typeof IntersectionObserver !== 'undefined'
  const seen = ref(start || !can)
  let observer: IntersectionObserver | undefined
  /** Look anew: an element that was in view and still is tells nothing by itself. */
  function look(): void {
    observer?.disconnect()
    if (!can || !element.value) return
    // A margin counts at the edge of the scroller only when that is the root.
    observer = new IntersectionObserver((entries) => (seen.value = entries.at(-1)?.isIntersecting ?? false), { root: scrollerOf(element.value), rootMargin: `${marginPx}px 0px` })
    observer.observe(element.value)
  }
  watch(element, look, { immediate: true, flush: 'post' })
  onScopeDispose(() => observer?.disconnect())
  return { seen: readonly(seen), look }
}
