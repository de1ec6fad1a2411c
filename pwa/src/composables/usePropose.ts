import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { getTank } from '@/api/monitoring'
import { previewLines } from '@/api/passports'
import { problemText, refusalText } from '@/api/problem'
import { queryClient } from '@/api/queries'
import type { LimitPreview, ProposalDraft } from '@/api/types'
import { byKind } from '@/components/monitoring/points'
import { t } from '@/i18n'
import { changed, faultOf, lineOf, textOf, type LimitText } from './limitForm'
import { useAnswer } from './useAnswer'
import { useDraft } from './useDraft'
import { useOutbox } from './useOutbox'
import { useSession } from './useSession'

interface Kept {
  id: string
  reason: string
  /** What is typed, by point id. */
  texts: Record<number, LimitText>
}

/** The form in which limits of one tank are proposed; what is typed stays on this phone until it is sent. */
export function usePropose(tankId: string) {
  const session = useSession()
  const outbox = useOutbox()
  const router = useRouter()
  const { data: tank, pending, error, refetch } = useAnswer(['points', 'tank', tankId], (signal) => getTank(tankId, signal))
  const form = reactive<Kept>({ id: crypto.randomUUID(), reason: '', texts: {} })
  const kept = useDraft(`${session.me?.id}:propose:${tankId}`, form)
  const points = computed(() => byKind(tank.value?.points ?? []))
  const preview = shallowRef<LimitPreview | null>(null)
  const trying = ref(false)
  const busy = ref(false)
  const refusal = ref('')

  watch([points, kept.restored], ([found, restored]) => {
    if (!restored) return
    for (const point of found) form.texts[point.id] ??= textOf(point.limits ?? null)
  }, { immediate: true })
  const rows = computed(() => points.value.filter((point) => form.texts[point.id]).map((point) => ({ point, text: form.texts[point.id]!, fault: faultOf(form.texts[point.id]!, point) })))
  const faulty = computed(() => rows.value.some((row) => row.fault))
  const moved = computed(() => rows.value.filter((row) => changed(row.point, row.text)).length)
  const lines = () => rows.value.map((row) => lineOf(row.point, row.text))
  watch(() => form.texts, () => (preview.value = null), { deep: true })

  async function tryOut(): Promise<void> {
    trying.value = true
    refusal.value = ''
    try {
      preview.value = await previewLines(lines())
    } catch (failure) {
      refusal.value = problemText(failure)
    } finally {
      trying.value = false
    }
  }

  async function submit(): Promise<void> {
    if (busy.value || faulty.value || form.reason.trim().length < 2 || !tank.value) return
    busy.value = true
    refusal.value = ''
    try {
      const body: ProposalDraft = { id: form.id, tankId, reason: form.reason.trim(), lines: lines() }
      const id = form.id
      const result = await outbox.file({ id, kind: 'limit_proposal', title: t('propose.outbox', { name: tank.value.code }), url: '/api/v1/limit-proposals', body })
      if (typeof result === 'object') {
        refusal.value = refusalText(result)
        form.id = crypto.randomUUID()
        await refetch()
        return
      }
      await kept.drop()
      if (result === 'sent') await queryClient.invalidateQueries({ queryKey: ['proposals'] })
      await router.replace(result === 'sent' ? `/passports/${id}` : '/passports')
    } finally {
      busy.value = false
    }
  }
  return { tank, pending, error, refetch, form, rows, faulty, moved, preview, trying, tryOut, busy, refusal, submit, savedAt: kept.savedAt }
}
