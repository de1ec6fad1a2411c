import { computed } from 'vue'
import { countDay } from '@/api/commitments'
import { listGateways } from '@/api/monitoring'
import { countRisks, listEnterpriseRisks } from '@/api/risk'
import { countWork } from '@/api/work'
import { plantDay } from '@/format/times'
import { useAlarmCounts } from './useAlarmCounts'
import { useAnswer } from './useAnswer'
import { useNow } from './useNow'

/** The worst few that are worth a sentence. */
const FIRST = 5
const EVERY_MS = 60_000

/** Everything a regulator sees first, each from its own answer, so that one that fails takes nothing else along. */
export function useOverview() {
  const now = useNow()
  const today = computed(() => plantDay(now.value))
  const risks = useAnswer(['risk', 'counts'], countRisks, { every: EVERY_MS })
  const first = useAnswer(['risk', 'first'], (signal) => listEnterpriseRisks({}, null, FIRST, signal), { every: EVERY_MS })
  const commitments = useAnswer(() => ['commitments', 'counts', today.value], (signal) => countDay(today.value, signal), { every: EVERY_MS })
  const work = useAnswer(() => ['work', 'counts', today.value], (signal) => countWork(today.value, signal), { every: EVERY_MS })
  const gateways = useAnswer(['gateways', 'lost'], (signal) => listGateways({ online: false }, signal), { every: EVERY_MS })
  const alarms = useAlarmCounts()
  return {
    today,
    risks,
    /** Yellow and above; blue needs nobody's first look. */
    first: computed(() => (first.data.value?.items ?? []).filter((risk) => (risk.level ?? 0) > 0)),
    firstAnswer: first,
    commitments: commitments.data,
    work: work.data,
    lost: computed(() => {
      const items = gateways.data.value?.items
      return items ? { n: items.length, enterprises: new Set(items.map((gateway) => gateway.enterpriseId)).size } : undefined
    }),
    alarms: computed(() => (alarms.counts.value ? { unacknowledged: alarms.counts.value.unacknowledged.total ?? 0, open: alarms.counts.value.open.total ?? 0 } : undefined)),
    refetch: () => Promise.all([risks, first, commitments, work, gateways].map((answer) => answer.refetch())),
  }
}
