import type { Tank } from '@/api/types'

/** `TK-101 甲苯储罐`; many plants write the code into the name, and it must not be said twice. */
export function tankTitle({ code, name }: Pick<Tank, 'code' | 'name'>): string {
  return name.startsWith(code) ? name : `${code} ${name}`
}
