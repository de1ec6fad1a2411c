import { computed } from 'vue'
import type { RouteLocationRaw } from 'vue-router'
import type { IconName } from '@/components/base/icons'
import type { MessageKey } from '@/i18n'
import { useLayout } from './useLayout'
import { useSession } from './useSession'

export interface Tab {
  /** Matched with the route's `meta.tab`. */
  key: string
  text: MessageKey
  icon: IconName
  to: RouteLocationRaw
  /** Other `meta.tab` values that light this one on a phone. */
  also?: string[]
  /** Begins a group of the wide menu. */
  group?: MessageKey
}

/** How the data come: in the wide menu a group of its own, on a phone behind the last tab. */
export const DATA: Tab[] = [
  { key: 'gateways', text: 'nav.gateways', icon: 'router', to: '/gateways', group: 'nav.data' },
  { key: 'gaps', text: 'nav.gaps', icon: 'gap', to: '/gaps' },
  { key: 'stops', text: 'nav.stops', icon: 'offline', to: '/stops' },
  { key: 'access', text: 'nav.access', icon: 'table', to: '/access' },
]
const DATA_KEYS = DATA.map((tab) => tab.key)
const withData = (tabs: Tab[]): Tab[] => [...tabs.slice(0, -1), ...DATA, ...tabs.slice(-1)]

const SITE: Tab[] = [
  { key: 'home', text: 'nav.home', icon: 'home', to: '/', also: ['commitments'] },
  { key: 'alarms', text: 'nav.alarms', icon: 'bell', to: '/alarms' },
  { key: 'work', text: 'nav.work', icon: 'ticket', to: '/work' },
  { key: 'monitoring', text: 'nav.monitoring', icon: 'gauge', to: '/monitoring', also: ['passports'] },
  { key: 'me', text: 'nav.me', icon: 'person', to: '/me', also: [...DATA_KEYS, 'enterprises'] },
]
const EXPERT: Tab[] = [
  { key: 'home', text: 'nav.toVerify', icon: 'pin', to: '/' },
  { key: 'passports', text: 'nav.passports', icon: 'gauge', to: '/passports' },
  { key: 'me', text: 'nav.me', icon: 'person', to: '/me' },
]
const REGULATOR: Tab[] = [
  { key: 'home', text: 'nav.overview', icon: 'overview', to: '/' },
  { key: 'alarms', text: 'nav.alarms', icon: 'bell', to: '/alarms' },
  { key: 'enterprises', text: 'nav.enterprises', icon: 'building', to: '/enterprises', also: ['monitoring'] },
  { key: 'commitments', text: 'nav.supervision', icon: 'shield', to: '/commitments', also: ['work', 'passports'] },
  { key: 'me', text: 'nav.me', icon: 'person', to: '/me', also: DATA_KEYS },
]
const REGULATOR_DESK: Tab[] = [
  ...REGULATOR.slice(0, 3),
  { key: 'commitments', text: 'nav.missing', icon: 'shield', to: '/commitments', group: 'nav.supervision' },
  { key: 'work', text: 'nav.work', icon: 'ticket', to: '/work' },
  { key: 'passports', text: 'nav.passports', icon: 'gauge', to: '/passports' },
  { key: 'me', text: 'nav.me', icon: 'person', to: '/me' },
]

/** The pages in the menu: the role decides. */
export function useTabs() {
  const session = useSession()
  const { wide } = useLayout()
  return computed(() => {
    if (session.atSite) return wide.value ? withData(SITE) : SITE
    if (session.isExpert) return EXPERT
    return wide.value ? withData(REGULATOR_DESK) : REGULATOR
  })
}
