import { computed, onScopeDispose, readonly, ref, shallowRef, watch, type Ref } from 'vue'

/** Scrolled less than this counts as being at the top, px. */
const TOP_PX = 60

/**
 * How many ids came in above while the person was reading further down. `scroller` is the element that scrolls;
 * at its top nothing is hidden, so nothing is counted. `show` goes there.
 */
export function useNewAbove(ids: Ref<readonly string[]>, scroller: () => HTMLElement | null) {
  const known = shallowRef(new Set(ids.value))
  const hidden = ref(0)
  let followed: HTMLElement | null = null

  const atTop = () => (scroller()?.scrollTop ?? 0) < TOP_PX
  const look = () => {
    if (!atTop()) return
    known.value = new Set(ids.value)
    hidden.value = 0
  }
  watch(ids, (now) => {
    const element = scroller()
    if (element && element !== followed) {
      followed?.removeEventListener('scroll', look)
      element.addEventListener('scroll', look, { passive: true })
      followed = element
    }
    if (atTop()) look()
    else hidden.value = now.filter((id) => !known.value.has(id)).length
  })
  onScopeDispose(() => followed?.removeEventListener('scroll', look))
  const show = () => scroller()?.scrollTo({ top: 0 })
  return { hidden: readonly(hidden), any: computed(() => hidden.value > 0), show }
}
