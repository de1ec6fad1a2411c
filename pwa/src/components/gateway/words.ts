import type { ClockCheck, Gateway } from '@/api/types'
import { span } from '@/format/times'
import { t } from '@/i18n'

export type GatewayState = 'online' | 'lost' | 'never' | 'retired' | 'filed'

/** Where a gateway stands. A filed stop comes before everything: nobody counts on it now. */
export function gatewayState(gateway: Pick<Gateway, 'active' | 'filed' | 'online' | 'lastFrameAt'>): GatewayState {
  if (!gateway.active) return 'retired'
  if (gateway.filed) return 'filed'
  if (gateway.online) return 'online'
  return gateway.lastFrameAt ? 'lost' : 'never'
}

export const STATE_TONES: Record<GatewayState, 'go' | 'bad' | 'held' | undefined> = { online: 'go', lost: 'bad', never: undefined, retired: undefined, filed: 'held' }

/** `慢 12 秒`, `准，差 0.3 秒`. */
export function clockText(clock: ClockCheck | null | undefined): string {
  if (!clock) return t('gateway.clock.unknown')
  if (!clock.isWrong) return t('gateway.clock.right', { s: Math.abs(clock.behindS).toFixed(1) })
  return clock.behindS > 0 ? t('gateway.clock.behind', { span: span(clock.behindS) }) : t('gateway.clock.ahead', { span: span(-clock.behindS) })
}
