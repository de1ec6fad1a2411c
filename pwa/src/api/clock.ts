import { readonly, ref } from 'vue'

/** Half of the Date header's resolution, ms. */
const HALF_SECOND_MS = 500
/** Smaller differences are the network's, ms. */
const NOISE_MS = 2500

const offset = ref(0)

/** How far this phone's clock is behind the server's, ms; negative when it is fast. */
export const clockOffset = readonly(offset)

/** The server's time now, ms. Ages and countdowns are reckoned from it, so a wrong phone clock does no harm. */
export function serverNow(): number {
  return Date.now() + offset.value
}

/** Learn the server's time from an answer that came over the network just now. */
export function noteServerTime(response: Response, sentAt: number): void {
  const date = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(date)) return
  const here = (sentAt + Date.now()) / 2
  const found = date + HALF_SECOND_MS - here
  if (Math.abs(found - offset.value) > NOISE_MS) offset.value = Math.abs(found) > NOISE_MS ? found : 0
}
