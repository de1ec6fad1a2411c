import type { CommitmentContent, ContentField, Evidence, FieldValue } from '@/api/types'
import { longKey } from '@/components/level/levels'
import { UNIT_FIELDS } from '@/composables/commitmentForm'
import { dayLabel } from '@/format/times'
import { t } from '@/i18n'

/** The promised level (1 red to 4 blue) as the four colours count it (3 red to 0 blue). */
export function colourOf(promised: number): number {
  return 4 - promised
}

/** A value as people say it: `1 处`, `6 套`, `是`, a name. */
export function valueText(field: ContentField, value: FieldValue | null): string {
  if (value === null || value === '') return '—'
  if (field === 'riskLevel') return t(longKey(colourOf(Number(value))))
  if (field === 'majorHiddenHazard') return value ? t('commit.some') : t('commit.none')
  if (typeof value === 'boolean') return value ? t('commit.yes') : t('commit.no')
  if (typeof value === 'string') return value
  return UNIT_FIELDS.includes(field) ? t('commit.sets', { n: value }) : t('commit.places', { n: value })
}

/** Where a proposed value comes from. */
export function sourceText({ source, detail }: Evidence): string {
  if (source === 'previous') return t('commit.from.previous', { day: detail.previousOn ? dayLabel(detail.previousOn, false) : '' })
  if (source !== 'work_reports') return t(`commit.from.${source}`)
  const numbers = detail.reportNumbers
  if (!numbers.length) return t('commit.from.work_reports')
  if (numbers.length <= 2) return t('commit.from.work_reports.numbers', { numbers: numbers.join(' ') })
  return t('commit.from.work_reports.many', { numbers: numbers[0]!, n: numbers.length })
}

/** The very text that is announced. */
export function announcement(content: CommitmentContent): string {
  return content.hazardsSafe ? t('sign.text.safe') : t('sign.text.unsafe', { note: content.note.trim() })
}

const OTHER_WORK: ContentField[] = ['blindPlate', 'workAtHeight', 'lifting', 'temporaryPower', 'excavation', 'roadClosure']

/** The lines of the board at the gate: label and value. */
export function boardLines(content: CommitmentContent): { label: string; value: string }[] {
  const sum = (fields: ContentField[]) => fields.reduce((total, field) => total + Number(content[field]), 0)
  return [
    { label: t('sign.units'), value: t('sign.unitsValue', { total: content.unitsTotal, running: content.unitsRunning, stopped: content.unitsStopped, maintenance: content.unitsMaintenance }) },
    { label: t('sign.work'), value: t('sign.workValue', { hot: sum(['hotWorkSpecial', 'hotWork1', 'hotWork2']), confined: content.confinedSpace, other: sum(OTHER_WORK) }) },
    { label: t('commit.field.dutyLeader'), value: `${content.dutyLeader} ${content.dutyPhone}` },
  ]
}
