import { computed, nextTick, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'
import { useRoute, type RouteLocationRaw } from 'vue-router'
import { scrollerOf } from './useInView'

/** Content that arrives a moment later may still be given the place it had, ms. */
const PATIENCE_MS = 600

/**
 * The part of a page that its address names (`?tab=`), the first one without a name. Each part keeps how far it was
 * scrolled while the page is open; a new one begins at its top.
 */
export function useTabQuery<K extends string>(keys: MaybeRefOrGetter<readonly K[]>, inside: Ref<HTMLElement | null>) {
  const route = useRoute()
  const tab = computed<K>(() => {
    const known = toValue(keys)
    return known.find((key) => key === route.query.tab) ?? known[0]!
  })
  const places = new Map<string, number>()
  watch(tab, async (now, before) => {
    const scroller = scrollerOf(inside.value)
    if (!scroller) return
    places.set(before, scroller.scrollTop)
    await nextTick()
    const wanted = places.get(now) ?? 0
    const until = Date.now() + PATIENCE_MS
    const place = () => {
      scroller.scrollTop = wanted
      if (Math.abs(scroller.scrollTop - wanted) > 1 && Date.now() < until && tab.value === now) requestAnimationFrame(place)
    }
    place()
  })
  /** Where a part is reached; the first one has the plain address. */
  const to = (key: K): RouteLocationRaw => ({ path: route.path, query: key === toValue(keys)[0] ? {} : { tab: key } })
  return { tab, to }
}
