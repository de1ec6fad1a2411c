import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue'

/** Whether an element is on the screen or within `marginPx` of it. Where the browser cannot tell, it is. */
export function useInView(element: Ref<HTMLElement | null>, marginPx = 600, start = false) {
  const can = typeof IntersectionObserver !== 'undefined'
  const seen = ref(start || !can)
  let observer: IntersectionObserver | undefined
  /** Look anew: an element that was in view and still is tells nothing by itself. */
  function look(): void {
    observer?.disconnect()
    if (!can || !element.value) return
    observer = new IntersectionObserver((entries) => (seen.value = entries.at(-1)?.isIntersecting ?? false), { rootMargin: `${marginPx}px 0px` })
    observer.observe(element.value)
  }
  watch(element, look, { immediate: true, flush: 'post' })
  onScopeDispose(() => observer?.disconnect())
  return { seen: readonly(seen), look }
}
