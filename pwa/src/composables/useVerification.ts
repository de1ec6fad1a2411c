import { computed, reactive, ref } from 'vue'
import { useRouter } from 'vue-router'
import { getProposal } from '@/api/passports'
import { refusalText } from '@/api/problem'
import { queryClient } from '@/api/queries'
import type { ProposalLine, Verification } from '@/api/types'
import type { LimitKey } from '@/components/limits/scale'
import { t } from '@/i18n'
import { carried } from './limitForm'
import type { KeptPhoto } from './photos'
import { useAnswer } from './useAnswer'
import { useDraft } from './useDraft'
import { useOutbox } from './useOutbox'
import { usePhotos } from './usePhotos'
import { usePlace } from './usePlace'
import { useSession } from './useSession'

/** What an expert has done so far at the tank. checked: cells as `point id:limit`. */
interface Kept {
  checked: string[]
  basis: string
  photos: KeptPhoto[]
}

/** The limits of a line that there are to look at. */
export function cellsOf(line: ProposalLine): string[] {
  return carried(line.kind).filter((key) => line.after[key] != null).map((key) => cell(line, key))
}
export const cell = (line: ProposalLine, key: LimitKey) => `${line.pointId}:${key}`

/**
 * Verifying a proposal on site, also without a signal: what was looked at, the basis and the photos stay on this
 * phone; signing puts the photos and then the signature into the outbox, which sends them in that order.
 */
export function useVerification(id: string) {
  const session = useSession()
  const outbox = useOutbox()
  const router = useRouter()
  const user = session.me?.id ?? ''
  const answer = useAnswer(['proposals', id], (signal) => getProposal(id, signal))
  const form = reactive<Kept>({ checked: [], basis: '', photos: [] })
  const kept = useDraft(`${user}:verify:${id}`, form)
  const { place, asking, failed, ask } = usePlace()
  const busy = ref(false)
  const refusal = ref('')
  const lines = computed(() => answer.data.value?.lines ?? [])
  const all = computed(() => lines.value.flatMap(cellsOf))
  const left = computed(() => all.value.filter((one) => !form.checked.includes(one)).length)

  function toggle(cells: string[]): void {
    const missing = cells.filter((one) => !form.checked.includes(one))
    form.checked = missing.length ? [...form.checked, ...missing] : form.checked.filter((one) => !cells.includes(one))
  }

  const photos = usePhotos(user, { list: { get: () => form.photos, set: (list) => { form.photos = list } }, place: { place, ask } })

  /** Why it cannot be signed yet, as the button says it. */
  const blocked = computed(() => {
    if (left.value) return t('verify.left', { n: left.value })
    if (form.basis.trim().length < 2) return t('verify.needsBasis')
    if (!form.photos.length) return t('verify.needsPhoto')
    return place.value ? '' : t('verify.needsPlace')
  })

  async function sign(signature: string): Promise<void> {
    const proposal = answer.data.value
    const here = place.value
    if (!proposal || !here || busy.value || blocked.value) return
    busy.value = true
    refusal.value = ''
    try {
      const title = t('verify.outbox', { name: proposal.tankCode ?? proposal.enterpriseName })
      await photos.queue(outbox, proposal.enterpriseId, t('verify.outboxPhoto', { name: proposal.tankCode ?? proposal.enterpriseName }))
      const body: Verification = {
        basis: form.basis.trim(),
        photoIds: form.photos.map((photo) => photo.id),
        lon: here.lon,
        lat: here.lat,
        accuracyM: here.accuracyM,
        signature,
        signedAt: new Date().toISOString(),
        note: '',
      }
      const result = await outbox.file({ id: crypto.randomUUID(), kind: 'limit_verify', title, url: `/api/v1/limit-proposals/${id}/verify`, body })
      if (typeof result === 'object') {
        refusal.value = refusalText(result)
        return
      }
      await photos.drop()
      await kept.drop()
      if (result === 'sent') await queryClient.invalidateQueries({ queryKey: ['proposals'] })
      await router.replace(result === 'sent' ? `/passports/${id}` : '/')
    } finally {
      busy.value = false
    }
  }
  return { ...answer, proposal: answer.data, lines, form, savedAt: kept.savedAt, place, asking, failed, ask, pictures: photos.pictures, all, left, toggle, addPhoto: photos.add, removePhoto: photos.remove, blocked, busy, refusal: computed(() => refusal.value || photos.broken.value), sign }
}
