import type { MessageKey } from '@/i18n'

/** 0 blue, 1 yellow, 2 orange, 3 red; null is no data, which is not a level. */
export type RiskLevel = 0 | 1 | 2 | 3
export type LevelName = 'blue' | 'yellow' | 'orange' | 'red' | 'stale'

const NAMES = ['blue', 'yellow', 'orange', 'red'] as const

/** Gravest first, as every list and board shows them. */
export const LEVELS_DOWN: readonly RiskLevel[] = [3, 2, 1, 0]

/** The shape of each level on a 16-unit grid: square, triangle and so on, so that colour is never alone. */
export const SHAPES: Record<(typeof NAMES)[number], string> = {
  red: 'M8 .9L15.1 8 8 15.1.9 8z',
  orange: 'M8 1.3L15.3 14.2H.7z',
  yellow: 'M2 2h12v12H2z',
  blue: 'M8 1.2a6.8 6.8 0 100 13.6A6.8 6.8 0 008 1.2z',
}

/** The shape as a character, for notification titles and plain text. */
export const SYMBOLS: Record<LevelName, string> = { red: '◆', orange: '▲', yellow: '■', blue: '●', stale: '◌' }

/** The class and name of a level as the server numbers it. */
export function levelName(level: number | null | undefined): LevelName {
  return NAMES[level ?? -1] ?? 'stale'
}

/** `红`, `橙`, `黄`, `蓝`; `无数据` for null. */
export function shortKey(level: number | null | undefined): MessageKey {
  return `level.${levelName(level)}.short`
}

/** `红 重大` and so on. */
export function longKey(level: number | null | undefined): MessageKey {
  return `level.${levelName(level)}.long`
}
