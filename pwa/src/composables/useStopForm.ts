import { computed, reactive, ref } from 'vue'
import { useRouter } from 'vue-router'
import { serverNow } from '@/api/clock'
import { pageOfGateways } from '@/api/gateways'
import { listPoints } from '@/api/monitoring'
import { refusalText } from '@/api/problem'
import { queryClient } from '@/api/queries'
import { t } from '@/i18n'
import { useAnswer } from './useAnswer'
import { useDraft } from './useDraft'
import { useNow } from './useNow'
import { useOutbox } from './useOutbox'
import { useSession } from './useSession'
import { emptyStop, isLate, stopFaults, toStop, type StopFault } from './stopForm'

/** A planned stop: kept while it is written, sent or queued, one request however often it is pressed. */
export function useStopForm() {
  const session = useSession()
  const outbox = useOutbox()
  const router = useRouter()
  const now = useNow()
  const form = reactive(emptyStop(serverNow()))
  const draft = useDraft(`${session.me?.id}:stop`, form)
  const busy = ref(false)
  const refusal = ref('')
  /** Nothing is called wrong before the person has tried to send. */
  const tried = ref(false)
  const gateways = useAnswer(['gateways', 'own'], (signal) => pageOfGateways({}, null, signal), { fresh: 300_000 })
  const points = useAnswer(['points', 'tags'], (signal) => listPoints(signal), { fresh: 300_000, enabled: () => form.scope === 'point' })

  const pointId = computed(() => points.data.value?.items.find((point) => point.tag.toLowerCase() === form.tag.trim().toLowerCase())?.id ?? null)
  const unknownTag = computed(() => form.scope === 'point' && form.tag.trim() !== '' && points.data.value != null && pointId.value == null)
  const faults = computed(() => stopFaults(form, now.value))
  const blocked = computed(() => faults.value.length + (form.scope === 'point' && pointId.value == null && form.tag.trim() ? 1 : 0))
  const faultText = (field: StopFault['field']): string | null => {
    const fault = tried.value ? faults.value.find((f) => f.field === field) : undefined
    return fault ? t(fault.text) : null
  }

  /** A draft from another day would be over. */
  void draft.ready.then(() => {
    if (stopFaults(form, serverNow()).some((fault) => fault.text === 'stop.form.over')) {
      const { fromDay, fromTime, toDay, toTime } = emptyStop(serverNow())
      Object.assign(form, { fromDay, fromTime, toDay, toTime })
    }
  })

  function nameOf(): string {
    if (form.scope === 'gateway') return gateways.data.value?.items.find((gateway) => gateway.id === form.gatewayId)?.code ?? t('scope.gateway')
    return form.scope === 'point' ? form.tag.trim() : t('scope.enterprise')
  }

  async function submit(): Promise<void> {
    tried.value = true
    if (blocked.value || busy.value) return
    busy.value = true
    refusal.value = ''
    try {
      const title = t('stop.form.outbox', { name: nameOf() })
      const result = await outbox.file({ id: form.id, kind: 'stop', title, url: '/api/v1/stops', body: toStop(form, pointId.value) })
      if (typeof result === 'object') {
        refusal.value = refusalText(result)
        form.id = crypto.randomUUID()
        return
      }
      await draft.drop()
      if (result === 'sent') for (const key of ['stops', 'gaps', 'points']) void queryClient.invalidateQueries({ queryKey: [key] })
      await router.replace('/stops')
    } finally {
      busy.value = false
    }
  }
  const late = computed(() => isLate(form, now.value))
  return { form, faults, blocked, faultText, tried, busy, refusal, unknownTag, late, savedAt: draft.savedAt, gateways: gateways.data, submit, now }
}
