import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import { useSession } from '@/composables/useSession'

declare module 'vue-router' {
  interface RouteMeta {
    /** Opens without a signed-in person. */
    open?: boolean
    /** The tab that is lit. */
    tab?: string
    /** A task of its own: no tabs at the bottom of a phone. */
    task?: boolean
  }
}

const inside: RouteRecordRaw[] = [
  { path: '', name: 'home', component: () => import('@/pages/StartPage.vue'), meta: { tab: 'home' } },
  {
    path: 'alarms',
    name: 'alarms',
    component: () => import('@/pages/alarms/AlarmsPage.vue'),
    meta: { tab: 'alarms' },
    children: [{ path: ':id', name: 'alarm', component: () => import('@/pages/alarms/AlarmPage.vue'), props: true, meta: { task: true } }],
  },
  { path: 'work/new', name: 'new-work', component: () => import('@/pages/work/NewWorkPage.vue'), meta: { tab: 'work', task: true } },
  {
    path: 'work',
    name: 'work',
    component: () => import('@/pages/work/WorkPage.vue'),
    meta: { tab: 'work' },
    children: [{ path: ':id', name: 'work-report', component: () => import('@/pages/work/WorkReportPage.vue'), props: true, meta: { task: true } }],
  },
  {
    path: 'monitoring',
    name: 'monitoring',
    component: () => import('@/pages/monitoring/MonitoringPage.vue'),
    meta: { tab: 'monitoring' },
    children: [
      { path: 'tanks/:id', name: 'tank', component: () => import('@/pages/monitoring/TankPage.vue'), props: true },
      { path: 'points/:id', name: 'point', component: () => import('@/pages/monitoring/PointPage.vue'), props: true },
    ],
  },
  { path: 'commitment', name: 'commitment', component: () => import('@/pages/commitment/FileCommitmentPage.vue'), meta: { tab: 'home', task: true } },
  {
    path: 'commitments',
    name: 'commitments',
    component: () => import('@/pages/commitment/CommitmentsPage.vue'),
    meta: { tab: 'commitments' },
    children: [{ path: ':id', name: 'commitment-record', component: () => import('@/pages/commitment/CommitmentRecordPage.vue'), props: true, meta: { task: true } }],
  },
  {
    path: 'enterprises',
    name: 'enterprises',
    component: () => import('@/pages/enterprises/EnterprisesPage.vue'),
    meta: { tab: 'enterprises' },
    children: [{ path: ':id', name: 'enterprise', component: () => import('@/pages/enterprises/EnterprisePage.vue'), props: true, meta: { task: true } }],
  },
  { path: 'enterprise', name: 'own-enterprise', component: () => import('@/pages/enterprises/OwnEnterprisePage.vue'), meta: { tab: 'me', task: true } },
  { path: 'enterprise/info', name: 'own-info', component: () => import('@/pages/enterprises/InfoPage.vue'), meta: { tab: 'me', task: true } },
  { path: 'hazards/:id', name: 'hazard', component: () => import('@/pages/enterprises/HazardPage.vue'), props: true, meta: { tab: 'enterprises', task: true } },
  { path: 'hazards/:id/quantities', name: 'hazard-quantities', component: () => import('@/pages/enterprises/QuantitiesPage.vue'), props: true, meta: { tab: 'enterprises', task: true } },
  { path: 'passports/new', name: 'propose-limits', component: () => import('@/pages/passports/ProposePage.vue'), meta: { tab: 'passports', task: true } },
  { path: 'passports/bulk', name: 'bulk-limits', component: () => import('@/pages/passports/BulkPage.vue'), meta: { tab: 'passports', task: true } },
  { path: 'passports/tanks/:id', name: 'tank-passport', component: () => import('@/pages/passports/TankPassportPage.vue'), props: true, meta: { tab: 'passports', task: true } },
  { path: 'passports/:id/verify', name: 'verify-limits', component: () => import('@/pages/passports/VerifyPage.vue'), props: true, meta: { tab: 'passports', task: true } },
  {
    path: 'passports',
    name: 'passports',
    component: () => import('@/pages/passports/ProposalsPage.vue'),
    meta: { tab: 'passports' },
    children: [{ path: ':id', name: 'proposal', component: () => import('@/pages/passports/ProposalPage.vue'), props: true, meta: { task: true } }],
  },
  {
    path: 'gateways',
    name: 'gateways',
    component: () => import('@/pages/gateways/GatewaysPage.vue'),
    meta: { tab: 'gateways' },
    children: [{ path: ':id', name: 'gateway', component: () => import('@/pages/gateways/GatewayPage.vue'), props: true, meta: { task: true } }],
  },
  {
    path: 'gaps',
    name: 'gaps',
    component: () => import('@/pages/outages/GapsPage.vue'),
    meta: { tab: 'gaps' },
    children: [{ path: ':id', name: 'gap', component: () => import('@/pages/outages/GapPage.vue'), props: true, meta: { task: true } }],
  },
  { path: 'stops/new', name: 'new-stop', component: () => import('@/pages/outages/NewStopPage.vue'), meta: { tab: 'stops', task: true } },
  {
    path: 'stops',
    name: 'stops',
    component: () => import('@/pages/outages/StopsPage.vue'),
    meta: { tab: 'stops' },
    children: [{ path: ':id', name: 'stop', component: () => import('@/pages/outages/StopPage.vue'), props: true, meta: { task: true } }],
  },
  { path: 'access', name: 'access', component: () => import('@/pages/access/AccessPage.vue'), meta: { tab: 'access' } },
  { path: 'access/contacts', name: 'access-contacts', component: () => import('@/pages/access/AccessContactsPage.vue'), meta: { tab: 'access', task: true } },
  { path: 'access/:id', name: 'access-enterprise', component: () => import('@/pages/access/EnterpriseAccessPage.vue'), props: true, meta: { tab: 'access', task: true } },
  { path: 'me', name: 'me', component: () => import('@/pages/me/MePage.vue'), meta: { tab: 'me' } },
  { path: 'me/outbox', name: 'outbox', component: () => import('@/pages/me/OutboxPage.vue'), meta: { tab: 'me', task: true } },
  { path: ':rest(.*)*', name: 'not-found', component: () => import('@/pages/NotFoundPage.vue') },
]

/** One router for phone and wide screen: lists hold their details as nested routes. */
export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/sign-in', name: 'sign-in', component: () => import('@/pages/SignInPage.vue'), meta: { open: true } },
      { path: '/', component: () => import('@/components/shell/AppShell.vue'), children: inside },
    ],
  })
  router.beforeEach((to) => {
    const session = useSession()
    if (!session.me && !to.meta.open) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    // People of an enterprise have one, without the list beside it.
    if (session.atSite && to.name === 'enterprise' && to.params.id === session.me?.enterpriseId) return { name: 'own-enterprise', query: to.query, replace: true }
    if (session.me && to.name === 'sign-in' && !session.expired) return { name: 'home' }
    return true
  })
  return router
}
