import { computed, reactive, ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import { getDraft } from '@/api/commitments'
import { refusalText } from '@/api/problem'
import { queryClient } from '@/api/queries'
import type { CommitmentContent, CommitmentDraft } from '@/api/types'
import { dayLabel, plantDay } from '@/format/times'
import { t } from '@/i18n'
import { contradictions, draftForDay, faultsOf, isLate, JUDGEMENTS, splitEvidence, toFiling, type FormState } from './commitmentForm'
import { useAnswer } from './useAnswer'
import { useDraft } from './useDraft'
import { useNow } from './useNow'
import { useOutbox } from './useOutbox'
import { useSession } from './useSession'

/** The newest draft of the server, also yesterday's copy when there is no signal. */
export function useCommitmentDraft() {
  const now = useNow()
  const answer = useAnswer(['commitments', 'draft'], getDraft, { every: 120_000 })
  const today = computed(() => plantDay(now.value))
  const draft = computed(() => (answer.data.value ? draftForDay(answer.data.value, today.value) : undefined))
  const oldCopy = computed(() => answer.data.value != null && answer.data.value.commitOn !== today.value)
  return { ...answer, draft, oldCopy, today, now }
}

interface Kept extends FormState {
  id: string
  /** Content of the draft when it was last merged in, to see what the person changed. */
  seen: CommitmentContent | null
}

/** Today's form: the server's proposal with the person's changes on top; kept on this phone until the server has it. */
export function useCommitmentForm() {
  const { draft, oldCopy, today, now, pending, error, refetch } = useCommitmentDraft()
  const session = useSession()
  const outbox = useOutbox()
  const router = useRouter()
  const form = reactive<Kept>({ id: crypto.randomUUID(), content: {} as CommitmentContent, seen: null, lateReason: null, lateNote: '', changeReason: '' })
  const kept = useDraft(`${session.me?.id}:commitment:${today.value}`, form)
  const ready = ref(false)
  const busy = ref(false)
  const refusal = ref('')

  /** Fields the person has not touched follow the newest proposal; touched ones stay. */
  function merge(proposal: CommitmentDraft): void {
    const seen = form.seen
    const content = { ...proposal.content }
    if (seen) {
      for (const field of Object.keys(content) as (keyof CommitmentContent)[]) {
        if (form.content[field] !== seen[field]) Object.assign(content, { [field]: form.content[field] })
      }
    }
    Object.assign(form, { content, seen: { ...proposal.content } })
    ready.value = true
  }
  watch([draft, kept.restored], ([proposal, restored]) => proposal && restored && !busy.value && merge(proposal), { immediate: true })

  const split = computed(() => (draft.value ? splitEvidence(draft.value) : { differences: [], same: [] }))
  const judged = computed(() => draft.value?.evidence.filter((e) => JUDGEMENTS.includes(e.field)) ?? [])
  const late = computed(() => draft.value != null && isLate(draft.value, now.value))
  const faults = computed(() => (draft.value && ready.value ? faultsOf(form, draft.value, now.value) : []))
  const warnings = computed(() => (draft.value && ready.value ? contradictions(form.content, draft.value) : []))
  const maySign = computed(() => session.me?.role === 'main_responsible' || session.me?.role === 'safety_officer')
  const open = computed(() => draft.value != null && now.value >= Date.parse(draft.value.opensAt))

  async function sign(signature: string): Promise<void> {
    if (!draft.value || busy.value) return
    busy.value = true
    refusal.value = ''
    try {
      const filing = toFiling(form.id, form, draft.value, signature, now.value)
      const version = draft.value.version
      const result = await outbox.file({
        id: form.id,
        kind: 'commitment',
        title: t('commit.outbox', { day: dayLabel(filing.commitOn, false) }),
        url: '/api/v1/commitments',
        headers: version == null ? {} : { 'if-match': `"${version}"` },
        body: JSON.parse(JSON.stringify(filing)) as unknown,
      })
      if (typeof result === 'object') {
        refusal.value = refusalText(result)
        // The content that was refused under this id must not block a corrected one.
        form.id = crypto.randomUUID()
        await refetch()
        return
      }
      await kept.drop()
      if (result === 'sent') await queryClient.invalidateQueries({ queryKey: ['commitments'] })
      await router.replace('/')
    } finally {
      busy.value = false
    }
  }
  return { form, draft, oldCopy, today, now, pending, error, refetch, ready, split, judged, late, faults, warnings, maySign, open, busy, refusal, sign, savedAt: kept.savedAt }
}
