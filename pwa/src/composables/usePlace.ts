import { readonly, ref, shallowRef } from 'vue'

/** Where the phone is, WGS 84. */
export interface Place {
  lon: number
  lat: number
  /** Metres within which it is right, most of the time. */
  accuracyM: number
  /** Ms. */
  at: number
}

const PATIENCE_MS = 20_000
const DIGITS = 6

/** Asks the phone where it is; from a tap, for the browser asks the person first. */
export function usePlace() {
  const place = shallowRef<Place | null>(null)
  const asking = ref(false)
  const failed = ref<'denied' | 'lost' | null>(null)

  function ask(): Promise<Place | null> {
    asking.value = true
    failed.value = null
    return new Promise((done) => {
      const end = (found: Place | null) => {
        asking.value = false
        if (found) place.value = found
        done(found)
      }
      if (!navigator.geolocation) {
        failed.value = 'lost'
        end(null)
        return
      }
      navigator.geolocation.getCurrentPosition(
        ({ coords, timestamp }) =>
          end({ lon: Number(coords.longitude.toFixed(DIGITS)), lat: Number(coords.latitude.toFixed(DIGITS)), accuracyM: Math.round(coords.accuracy), at: timestamp }),
        (error) => {
          failed.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'lost'
          end(null)
        },
        { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 30_000 },
      )
    })
  }
  return { place: readonly(place), asking: readonly(asking), failed: readonly(failed), ask }
}

/** Metres between two places on the globe. */
export function metresBetween(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const north = Math.sin(rad(b.lat - a.lat) / 2) ** 2
  const east = Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(north + east)))
}
