import { computed, nextTick, reactive, ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import { getEnterprise, infoAddress, listInfoChanges } from '@/api/enterprises'
import { refusalText } from '@/api/problem'
import { queryClient } from '@/api/queries'
import { t } from '@/i18n'
import { infoFaults, keepOwn, merged, overtaken, registered, setField, settle, toInfo, type InfoDraft, type InfoField, type InfoFault, type InfoValues } from './infoForm'
import { useAnswer } from './useAnswer'
import { useDraft } from './useDraft'
import { useOutbox } from './useOutbox'

/**
 * The basic information of one's own enterprise. Only what a person changes is kept on this phone, so the rest follows
 * what others write; the whole is sent with the version that was read, and nobody is overwritten unseen.
 */
export function useInfoForm(user: string, id: string) {
  const outbox = useOutbox()
  const router = useRouter()
  const answer = useAnswer(['enterprises', id], (signal) => getEnterprise(id, signal))
  const last = useAnswer(() => ['enterprises', id, 'changed', answer.data.value?.infoVersion], (signal) => listInfoChanges(id, null, signal), { enabled: () => answer.data.value != null })
  const form = reactive<InfoDraft>({ changes: {}, base: {} })
  const draft = useDraft(`${user}:info:${id}`, form)
  const busy = ref(false)
  const refusal = ref('')
  /** Nothing is called wrong before the person has tried to send. */
  const tried = ref(false)

  const record = computed(() => (answer.data.value ? registered(answer.data.value) : null))
  const values = computed<InfoValues | null>(() => (record.value ? merged(record.value, form.changes) : null))
  const changedFields = computed(() => Object.keys(form.changes) as InfoField[])
  const others = computed(() => (record.value ? overtaken(form, record.value) : []))
  const faults = computed(() => (values.value ? infoFaults(values.value) : []))
  const waiting = computed(() => outbox.items.value.filter((item) => item.kind === 'enterprise_info' && item.url === infoAddress(id)))
  /** Refused while nobody looked: said here until it is sent anew. */
  const refusedLater = computed(() => waiting.value.find((item) => item.refusal)?.refusal ?? null)

  watch([record, draft.restored], ([now, restored]) => {
    if (!now || !restored) return
    settle(form, now)
    if (!Object.keys(form.changes).length && draft.savedAt.value) void draft.drop()
  }, { immediate: true })

  function set<K extends InfoField>(field: K, value: InfoValues[K]): void {
    if (record.value) setField(form, record.value, field, value)
  }
  const faultOf = (field: InfoField, row?: number, part?: InfoFault['part']): string | null => {
    const fault = tried.value ? faults.value.find((each) => each.field === field && each.row === row && each.part === part) : undefined
    return fault ? t(fault.text) : null
  }
  function keep(field: InfoField): void {
    if (record.value) keepOwn(form, record.value, field)
  }
  function takeTheirs(field: InfoField): void {
    if (record.value) set(field, record.value[field])
  }

  async function submit(): Promise<void> {
    tried.value = true
    const enterprise = answer.data.value
    if (busy.value || !enterprise || !values.value || !changedFields.value.length) return
    if (faults.value.length) {
      await nextTick()
      document.querySelector<HTMLElement>('.form [aria-invalid="true"]')?.focus()
      return
    }
    busy.value = true
    refusal.value = ''
    try {
      // What waits or was refused is replaced by what stands here now.
      await Promise.all(waiting.value.map((item) => outbox.takeBack(item.id)))
      const result = await outbox.file({
        id: crypto.randomUUID(),
        kind: 'enterprise_info',
        title: t('info.outbox', { name: enterprise.shortName }),
        url: infoAddress(id),
        method: 'PUT',
        headers: { 'if-match': `"${enterprise.infoVersion}"` },
        body: toInfo(values.value),
      })
      if (typeof result === 'object') {
        refusal.value = refusalText(result)
        await answer.refetch()
        return
      }
      if (result === 'queued') return
      form.changes = {}
      form.base = {}
      await draft.drop()
      await queryClient.invalidateQueries({ queryKey: ['enterprises'] })
      await router.replace('/enterprise')
    } finally {
      busy.value = false
    }
  }
  /** Give up what was typed and not sent. */
  async function giveUp(): Promise<void> {
    await Promise.all(waiting.value.map((item) => outbox.takeBack(item.id)))
    form.changes = {}
    form.base = {}
    tried.value = false
    refusal.value = ''
    await draft.drop()
  }
  return {
    ...answer, enterprise: answer.data, last: computed(() => last.data.value?.items[0]), record, values, set, changedFields, others, keep, takeTheirs,
    faults, faultOf, tried, busy, refusal, refusedLater, waiting, savedAt: draft.savedAt, submit, giveUp,
  }
}
