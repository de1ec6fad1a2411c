import type { PointKind, PointNow } from '@/api/types'
import { formatNumber } from '@/format/numbers'
import { t } from '@/i18n'

const GAS: PointKind[] = ['comb_gas', 'toxic_gas']
/** The order in which people read a tank. */
const ORDER: PointKind[] = ['level', 'temperature', 'pressure', 'flow', 'comb_gas', 'toxic_gas', 'oxygen', 'other']

export function isGas(kind: PointKind): boolean {
  return GAS.includes(kind)
}

/** HH, H, L, LL; of gas 一级 and 二级. Empty where no limit is crossed. */
export function limitCode(kind: PointKind, side: string | null | undefined, level: number | null | undefined): string {
  if (!level || !side) return ''
  if (isGas(kind)) return level === 2 ? t('limit.gas2') : t('limit.gas1')
  return (side === 'high' ? 'H' : 'L').repeat(level)
}

export function byKind<P extends Pick<PointNow, 'kind' | 'tag'>>(points: readonly P[]): P[] {
  return [...points].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.tag.localeCompare(b.tag))
}

/** The point a tank is known by: its level, else the first. */
export function mainPoint(points: readonly PointNow[]): PointNow | undefined {
  return byKind(points)[0]
}

/** The point that is worst now, if any is beyond a limit. */
export function worstPoint(points: readonly PointNow[]): PointNow | undefined {
  return [...points].filter((p) => p.level > 0).sort((a, b) => (b.riskLevel ?? 0) - (a.riskLevel ?? 0) || b.level - a.level)[0]
}

/** Whether no point of it can be believed now. */
export function isDark(points: readonly PointNow[]): boolean {
  return points.length === 0 || points.every((p) => p.state !== 'good')
}

/** `90.3 %`; a dash when the reading cannot be believed. */
export function readingText(point: PointNow): string {
  return `${formatNumber(point.state === 'good' ? point.value : null, point.decimals)} ${point.unit}`
}
