import { dropDraft, loadDraft, saveDraft } from '@/outbox/drafts'

/** A photo as it waits on this phone; the picture itself lies beside the drafts. */
export interface KeptPhoto {
  id: string
  /** Ms. */
  takenAt: number
  lon: number | null
  lat: number | null
  accuracyM: number | null
}

/** What the server takes is 12 MB; a larger picture is made smaller here, and loses what its file says of itself. */
const MOST_BYTES = 8_000_000
const LONGEST_PX = 2560

const keyOf = (user: string, id: string) => `${user}:photo:${id}`

/** The file as it came if it is small enough, so that the server can read when and where it was taken. */
async function fitting(file: Blob): Promise<Blob> {
  if (file.size <= MOST_BYTES) return file
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height))
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale))
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
}

export async function keepPhoto(user: string, id: string, file: Blob): Promise<void> {
  await saveDraft(keyOf(user, id), await fitting(file))
}

export async function photoOf(user: string, id: string): Promise<Blob | null> {
  return (await loadDraft<Blob>(keyOf(user, id)))?.value ?? null
}

export async function dropPhoto(user: string, id: string): Promise<void> {
  await dropDraft(keyOf(user, id))
}
