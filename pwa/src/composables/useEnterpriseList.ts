import { computed, onScopeDispose, ref, watch } from 'vue'
import { useRoute, type LocationQuery } from 'vue-router'
import { listEnterpriseRisks, type RiskQuery } from '@/api/risk'
import { usePages } from './useAnswer'

/** A pause in typing this long searches, ms. */
const PAUSE_MS = 250
/** A screenful at first, so that it stands at once; what follows comes while one reads. */
const FIRST = 16
const PAGE = 50

/** Enterprises worst first, by level, grade of hazard, district and words; what the address says is where it starts. */
export function useEnterpriseList() {
  const route = useRoute()
  const text = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && value ? value : null)
  const number = (value: LocationQuery[string] | undefined) => (text(value) == null ? null : Number(value))
  const typed = ref('')
  const words = ref('')
  const level = ref(number(route.query.level))
  const grade = ref(number(route.query.grade))
  const adcode = ref(text(route.query.adcode))
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(typed, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => (words.value = now.trim()), PAUSE_MS)
  })
  onScopeDispose(() => clearTimeout(timer))
  watch(() => [route.name, route.query.level, route.query.grade, route.query.adcode], ([name]) => {
    if (name !== 'enterprises') return
    level.value = number(route.query.level)
    grade.value = number(route.query.grade)
    adcode.value = text(route.query.adcode)
  })
  const query = computed<RiskQuery>(() => ({ level: level.value ?? undefined, grade: grade.value ?? undefined, adcode: adcode.value ?? undefined, q: words.value || undefined }))
  const list = usePages(() => ['risk', 'enterprises', query.value], (after, signal) => listEnterpriseRisks(query.value, after, after ? PAGE : FIRST, signal), { every: 60_000 })
  return { ...list, typed, words, level, grade, adcode }
}
