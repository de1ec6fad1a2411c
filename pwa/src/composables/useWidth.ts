import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue'

/** The width of an element, px, followed as it changes; `initial` until it has been measured. */
export function useWidth(element: Ref<HTMLElement | null>, initial = 320) {
  const width = ref(initial)
  const observer =
    typeof ResizeObserver === 'undefined'
      ? null
      : new ResizeObserver(([entry]) => {
          if (entry && entry.contentRect.width > 0) width.value = Math.round(entry.contentRect.width)
        })
  watch(
    element,
    (now, before) => {
      if (before) observer?.unobserve(before)
      if (now) {
        if (now.clientWidth > 0) width.value = now.clientWidth
        observer?.observe(now)
      }
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => observer?.disconnect())
  return readonly(width)
}
