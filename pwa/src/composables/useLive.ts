import { queryClient } from '@/api/queries'
import { followLive, liveConnected, liveHeardAt, type LiveName } from '@/api/live'

/** What has to be fetched anew when something of that name happens. */
const TOUCHES: Record<LiveName, string[]> = {
  alarm: ['alarms', 'points'],
  risk: ['risk'],
  gateway: ['gateways', 'points', 'risk'],
}
/** A burst of events costs one round of fetching, ms. */
const GATHER_MS = 400

let stop: (() => void) | undefined
let timer: ReturnType<typeof setTimeout> | undefined
const touched = new Set<string>()

function touch(keys: string[]): void {
  keys.forEach((key) => touched.add(key))
  timer ??= setTimeout(() => {
    timer = undefined
    const now = [...touched]
    touched.clear()
    now.forEach((key) => void queryClient.invalidateQueries({ queryKey: [key] }))
  }, GATHER_MS)
}

/** Follow the live channel for one person; null stops. */
export function startLive(person: string | null): void {
  stop?.()
  stop = person
    ? followLive(
        (name) => touch(TOUCHES[name]),
        () => void queryClient.invalidateQueries(),
      )
    : undefined
}

/** Whether changes arrive by themselves, and when the last sign of life came. */
export function useLive() {
  return { connected: liveConnected, heardAt: liveHeardAt }
}
