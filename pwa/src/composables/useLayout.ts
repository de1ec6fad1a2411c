import { computed, readonly, ref } from 'vue'

/** Below: tabs at the bottom. */
const RAIL_PX = 600
/** From here: a menu at the side, list and detail beside each other. */
const DESK_PX = 1024

const width = ref(typeof window === 'undefined' ? 390 : window.innerWidth)
if (typeof window !== 'undefined') window.addEventListener('resize', () => (width.value = window.innerWidth), { passive: true })

const kind = computed(() => (width.value < RAIL_PX ? 'tabs' : width.value < DESK_PX ? 'rail' : 'desk'))
const wide = computed(() => kind.value === 'desk')

/** tabs, rail or desk, and whether list and detail stand side by side. */
export function useLayout() {
  return { kind: readonly(kind), wide: readonly(wide) }
}
