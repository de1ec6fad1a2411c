import { onScopeDispose, ref, shallowReactive, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { t } from '@/i18n'
import { dropPhoto, keepPhoto, photoOf, type KeptPhoto } from './photos'
import type { usePlace } from './usePlace'
import type { useOutbox } from './useOutbox'

export interface UsePhotosOptions {
  /** Where the photos are listed; the caller may keep the list in a draft. */
  list: { get: () => KeptPhoto[]; set: (photos: KeptPhoto[]) => void }
  place: Pick<ReturnType<typeof usePlace>, 'place' | 'ask'>
}

/** Photos that wait on this phone, beside the drafts: taken, shown, taken away, and put into the outbox. */
export function usePhotos(user: string, { list, place: { place, ask } }: UsePhotosOptions) {
  const pictures = shallowReactive(new Map<string, string>())
  const broken = ref('')

  async function add(file: File): Promise<void> {
    const photo: KeptPhoto = { id: crypto.randomUUID(), takenAt: Date.now(), lon: null, lat: null, accuracyM: null }
    broken.value = ''
    try {
      await keepPhoto(user, photo.id, file)
    } catch {
      broken.value = t('verify.photoBroken')
      return
    }
    const here = place.value ?? (await ask())
    if (here) Object.assign(photo, { lon: here.lon, lat: here.lat, accuracyM: here.accuracyM })
    list.set([...list.get(), photo])
  }
  async function remove(photo: KeptPhoto): Promise<void> {
    list.set(list.get().filter((one) => one.id !== photo.id))
    await dropPhoto(user, photo.id)
  }
  watch(() => list.get().map((photo) => photo.id), async (ids) => {
    for (const one of ids.filter((known) => !pictures.has(known))) {
      const blob = await photoOf(user, one)
      if (blob) pictures.set(one, URL.createObjectURL(blob))
    }
  }, { immediate: true })
  onScopeDispose(() => pictures.forEach((url) => URL.revokeObjectURL(url)))

  /** Put every photo into the outbox, in order; what speaks of them is to be queued after. */
  async function queue(outbox: ReturnType<typeof useOutbox>, enterpriseId: MaybeRefOrGetter<string>, title: string): Promise<void> {
    for (const photo of list.get()) {
      const blob = await photoOf(user, photo.id)
      if (!blob) continue
      await outbox.enqueue({
        id: photo.id,
        kind: 'photo',
        title,
        url: '/api/v1/photos',
        body: { id: photo.id, enterpriseId: toValue(enterpriseId), takenAt: new Date(photo.takenAt).toISOString(), lon: photo.lon, lat: photo.lat, accuracyM: photo.accuracyM },
        file: { name: `${photo.id}.jpg`, blob },
      })
    }
  }
  /** They are on their way: the copies beside the drafts are not needed any more. The list is the caller's to empty. */
  async function drop(): Promise<void> {
    await Promise.all(list.get().map((photo) => dropPhoto(user, photo.id)))
  }
  return { pictures, broken, add, remove, queue, drop }
}
