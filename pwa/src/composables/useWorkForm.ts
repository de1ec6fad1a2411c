import { computed, reactive, ref } from 'vue'
import { useRouter } from 'vue-router'
import { refusalText } from '@/api/problem'
import { queryClient } from '@/api/queries'
import type { WorkReportDraft } from '@/api/types'
import { listWork } from '@/api/work'
import { workName } from '@/components/work/names'
import { serverNow } from '@/api/clock'
import { t } from '@/i18n'
import { useDraft } from './useDraft'
import { useNow } from './useNow'
import { useOutbox } from './useOutbox'
import { useSession } from './useSession'
import { copied, emptyForm, faultsOf, toDraft, type WorkFault } from './workForm'

/** A new work report: kept while it is written, sent or queued, one request however often it is pressed. */
export function useWorkForm() {
  const session = useSession()
  const outbox = useOutbox()
  const router = useRouter()
  const now = useNow()
  const form = reactive(emptyForm(serverNow()))
  const draft = useDraft(`${session.me?.id}:work`, form)
  const busy = ref(false)
  const refusal = ref('')
  /** Nothing is called wrong before the person has tried to send. */
  const tried = ref(false)

  const faults = computed(() => faultsOf(form, now.value))
  const faultText = (field: WorkFault['field']): string | null => {
    const fault = tried.value ? faults.value.find((f) => f.field === field) : undefined
    return fault ? t(fault.text, { hours: fault.hours ?? 0, kind: form.kind ? t(`work.kind.${form.kind}`) : '' }) : null
  }

  /** A draft from another day would start in the past. */
  void draft.ready.then(() => {
    if (faultsOf(form, serverNow()).some((f) => f.text === 'work.form.over')) {
      const { fromDay, fromTime, toDay, toTime } = emptyForm(serverNow())
      Object.assign(form, { fromDay, fromTime, toDay, toTime })
    }
  })

  async function copyLast(): Promise<void> {
    const { data } = await listWork({ enterpriseId: session.me?.enterpriseId ?? undefined }, null)
    const last = data.items[0]
    if (last) Object.assign(form, copied({ ...form }, last as WorkReportDraft))
  }

  async function submit(): Promise<void> {
    tried.value = true
    if (faults.value.length || busy.value) return
    busy.value = true
    refusal.value = ''
    try {
      const body = toDraft(form)
      const title = t('work.form.outbox', { name: workName(body), place: body.place })
      const result = await outbox.file({ id: form.id, kind: 'work_report', title, url: '/api/v1/work-reports', body })
      if (typeof result === 'object') {
        refusal.value = refusalText(result)
        form.id = crypto.randomUUID()
        return
      }
      await draft.drop()
      if (result === 'sent') {
        void queryClient.invalidateQueries({ queryKey: ['work'] })
        void queryClient.invalidateQueries({ queryKey: ['commitments'] })
      }
      await router.replace('/work')
    } finally {
      busy.value = false
    }
  }
  return { form, faults, faultText, tried, busy, refusal, savedAt: draft.savedAt, submit, copyLast: () => copyLast().catch(() => undefined), now }
}
