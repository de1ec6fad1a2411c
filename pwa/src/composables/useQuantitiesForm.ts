import { computed, nextTick, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { getHazard, listChemicals, listHazardClasses, previewQuantities, setQuantities } from '@/api/enterprises'
import { ApiProblem, problemText } from '@/api/problem'
import { queryClient } from '@/api/queries'
import type { HazardForecast } from '@/api/types'
import { t } from '@/i18n'
import { heldFaults, heldText, knownChemical, moved, toHeld, type HeldFault, type HeldText } from './quantitiesForm'
import { useAnswer } from './useAnswer'
import { useDraft } from './useDraft'

/** A pause in typing this long computes anew, ms. */
const PAUSE_MS = 400
/** The reference does not change while the server runs, ms. */
const A_DAY_MS = 86_400_000

/** What a hazard holds, as a regulator puts it down: typed text stays on this device, R and grade are shown before. */
export function useQuantitiesForm(user: string, id: string) {
  const router = useRouter()
  const answer = useAnswer(['enterprises', 'hazard', id], (signal) => getHazard(id, signal))
  const chemicals = useAnswer(['reference', 'chemicals'], listChemicals, { fresh: A_DAY_MS })
  const classes = useAnswer(['reference', 'classes'], listHazardClasses, { fresh: A_DAY_MS })
  const form = reactive<{ rows: HeldText[] | null; reason: string }>({ rows: null, reason: '' })
  const draft = useDraft(`${user}:quantities:${id}`, form)
  const forecast = shallowRef<HazardForecast | null>(null)
  const computing = ref(false)
  const busy = ref(false)
  const refusal = ref('')
  const tried = ref(false)
  /** What the server said of one chemical. */
  const refused = shallowRef<{ chemical: string; text: string } | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked: AbortController | undefined

  const hazard = answer.data
  const recorded = computed(() => hazard.value?.chemicals ?? [])
  /** Until something is typed the rows are those on record. */
  const rows = computed<HeldText[]>(() => form.rows ?? recorded.value.map(heldText))
  const known = computed(() => chemicals.data.value)
  const faults = computed(() => heldFaults(rows.value, known.value))
  const changed = computed(() => form.rows != null && (faults.value.length > 0 || moved(form.rows, recorded.value)))
  const ready = computed(() => changed.value && rows.value.length > 0 && !faults.value.length)

  const set = (next: HeldText[]): void => {
    form.rows = next
    refused.value = null
  }
  function change(row: number, part: keyof HeldText, value: string): void {
    const next = rows.value.map((each, i) => (i === row ? { ...each, [part]: value } : { ...each }))
    if (part === 'chemical') {
      const found = knownChemical(value, known.value ?? [])
      next[row] = { ...next[row]!, cas: found?.cas ?? '', hazardClass: found?.hazardClass ?? '' }
    }
    set(next)
  }
  const add = (): void => set([...rows.value.map((row) => ({ ...row })), { chemical: '', cas: '', hazardClass: '', quantity: '' }])
  const remove = (row: number): void => set(rows.value.filter((_, i) => i !== row).map((each) => ({ ...each })))
  const faultOf = (row: number, part: HeldFault['part']): string | null => {
    const fault = tried.value ? faults.value.find((each) => each.row === row && each.part === part) : undefined
    if (fault) return t(fault.text)
    return part === 'chemical' && refused.value?.chemical === rows.value[row]?.chemical.trim() ? (refused.value?.text ?? null) : null
  }
  function note(failure: unknown): void {
    const chemical = failure instanceof ApiProblem ? failure.facts.chemical : undefined
    if (typeof chemical === 'string') refused.value = { chemical, text: failure instanceof ApiProblem && failure.facts.field === 'cas' ? t('quantities.fault.cas') : t('quantities.fault.hazardClass') }
    else refusal.value = problemText(failure)
  }

  async function compute(): Promise<void> {
    asked?.abort()
    const mine = (asked = new AbortController())
    computing.value = true
    refusal.value = ''
    try {
      const told = await previewQuantities(id, toHeld(rows.value), mine.signal)
      if (asked === mine) forecast.value = told
    } catch (failure) {
      if (asked === mine) note(failure)
    } finally {
      if (asked === mine) computing.value = false
    }
  }
  watch([rows, ready], () => {
    clearTimeout(timer)
    forecast.value = null
    asked?.abort()
    if (ready.value) timer = setTimeout(() => void compute(), PAUSE_MS)
  }, { immediate: true })
  onScopeDispose(() => {
    clearTimeout(timer)
    asked?.abort()
  })

  const reasonMissing = computed(() => form.reason.trim().length < 2)
  async function submit(): Promise<void> {
    tried.value = true
    if (faults.value.length || reasonMissing.value) {
      await nextTick()
      document.querySelector<HTMLElement>('.form [aria-invalid="true"]')?.focus()
      return
    }
    if (busy.value || !ready.value || !forecast.value) return
    busy.value = true
    refusal.value = ''
    try {
      await setQuantities(id, toHeld(rows.value), form.reason.trim())
      form.rows = null
      form.reason = ''
      await draft.drop()
      for (const key of ['enterprises', 'risk']) void queryClient.invalidateQueries({ queryKey: [key] })
      await router.replace({ name: 'hazard', params: { id } })
    } catch (failure) {
      note(failure)
    } finally {
      busy.value = false
    }
  }
  async function giveUp(): Promise<void> {
    form.rows = null
    form.reason = ''
    tried.value = false
    await draft.drop()
  }
  return { ...answer, hazard, form, rows, known, classes: classes.data, faults, faultOf, change, add, remove, changed, ready, forecast, computing, compute, reasonMissing, tried, busy, refusal, savedAt: draft.savedAt, submit, giveUp }
}
