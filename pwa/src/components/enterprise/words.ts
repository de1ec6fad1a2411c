import type { EnterpriseRisk, HazardRisk, RiskCause } from '@/api/types'
import { formatNumber } from '@/format/numbers'
import { locale, t } from '@/i18n'

/** `PT-205 压力 0.02 MPa，低于低低限 0.05 MPa`: what a cause says, without its points. */
export function causeText(cause: RiskCause): string {
  const english = locale.value === 'en'
  const evidence = english ? cause.evidenceEn : cause.evidence
  return [cause.object, evidence || (english ? cause.labelEn : cause.label)].filter(Boolean).join(' ')
}

/** The two heaviest causes as one sentence. A standing hazard is no news, so it comes only when there is nothing else. */
export function whyText(risk: EnterpriseRisk | HazardRisk): string {
  if (risk.score == null) return t('enterprise.notScored')
  const news = risk.why.filter((cause) => cause.kind !== 'base')
  const told = (news.length ? news : risk.why).slice(0, 2).map(causeText)
  return told.length ? told.join(locale.value === 'en' ? '; ' : '；') : t('enterprise.quiet')
}

export function scoreText(score: number | null | undefined): string {
  return score == null ? '—' : formatNumber(score, 1)
}

/** The district's name in the language of the page. */
export function regionText(region: { regionName: string; regionNameEn: string }): string {
  return locale.value === 'en' ? region.regionNameEn : region.regionName
}

/** `118.30500° E，36.81200° N`: five digits are a metre. */
export function coordinatesText(lon: number, lat: number): string {
  return t('register.coordinates', { lon: lon.toFixed(5), lat: lat.toFixed(5) })
}

/** What GB 18218 says of R: the least of each grade. */
const LEAST_R: Record<(typeof GRADES)[number], number> = { 1: 100, 2: 50, 3: 10, 4: 0 }

/** `50 ≤ R < 100` of the second grade. */
export function gradeRange(grade: number): string {
  const least = LEAST_R[grade as (typeof GRADES)[number]]
  const next = LEAST_R[(grade - 1) as (typeof GRADES)[number]]
  return next == null ? `R ≥ ${least}` : least ? `${least} ≤ R < ${next}` : `R < ${next}`
}

/** Grades of major hazards, gravest first. */
export const GRADES = [1, 2, 3, 4] as const

/** `一级`. */
export function gradeText(grade: number): string {
  return t(`hazard.grade.${grade as (typeof GRADES)[number]}`)
}
