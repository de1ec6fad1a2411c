import type { WorkKind, WorkReportDraft } from '@/api/types'
import type { IconName } from '@/components/base/icons'
import { locale, t } from '@/i18n'

export const WORK_ICONS: Record<WorkKind, IconName> = {
  hot_work: 'flame',
  confined_space: 'manhole',
  blind_plate: 'blind',
  work_at_height: 'ladder',
  lifting: 'hook',
  temporary_power: 'bolt',
  excavation: 'shovel',
  road_closure: 'barrier',
}

/** `一级动火`, `受限空间`. */
export function workName({ kind, grade }: Pick<WorkReportDraft, 'kind' | 'grade'>): string {
  const word = t(`work.kind.${kind}`)
  if (grade === 'none') return word
  const named = t('work.name', { grade: t(`work.grade.${grade}`), kind: locale.value === 'en' ? word.toLowerCase() : word })
  return named
}
