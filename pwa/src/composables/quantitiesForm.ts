import type { Chemical, HeldChemical, HeldDraft } from '@/api/types'
import type { MessageKey } from '@/i18n'

/** A chemical as it is typed. */
export interface HeldText {
  chemical: string
  cas: string
  hazardClass: string
  /** t, as typed. */
  quantity: string
}
export interface HeldFault {
  row: number
  part: 'chemical' | 'quantity' | 'hazardClass'
  text: MessageKey
}

const MOST_T = 10_000_000
const MOST_CHEMICALS = 200

/** A quantity in t; null for what is none. */
export function parseQuantity(text: string): number | null {
  const plain = text.trim().replace(/[,，\s\u2009]/g, '')
  if (!/^\d+(\.\d+)?$/.test(plain)) return null
  const value = Number(plain)
  return value <= MOST_T ? value : null
}

export function heldText(held: HeldChemical): HeldText {
  return { chemical: held.chemical, cas: held.cas, hazardClass: held.hazardClass, quantity: String(held.quantityT) }
}

/** The known chemical that is meant by a name, an alias or a CAS number. */
export function knownChemical(name: string, known: readonly Chemical[]): Chemical | undefined {
  const words = name.trim().toLowerCase()
  return words ? known.find((each) => [each.name, each.nameEn, each.cas, ...each.aliases].some((one) => one.toLowerCase() === words)) : undefined
}

/** Up to `most` known chemicals whose name begins with, or else contains, what is typed. */
export function suggestions(typed: string, known: readonly Chemical[], most = 6): Chemical[] {
  const words = typed.trim().toLowerCase()
  if (!words || knownChemical(words, known)?.name === typed.trim()) return []
  const names = (each: Chemical) => [each.name, each.nameEn, each.cas, ...each.aliases].map((one) => one.toLowerCase())
  const begins = known.filter((each) => names(each).some((one) => one.startsWith(words)))
  const holds = known.filter((each) => !begins.includes(each) && names(each).some((one) => one.includes(words)))
  return [...begins, ...holds].slice(0, most)
}

/** What still keeps the quantities from being computed, in the order of the screen. */
export function heldFaults(rows: readonly HeldText[], known: readonly Chemical[] | undefined): HeldFault[] {
  const faults: HeldFault[] = []
  const seen = new Set<string>()
  rows.forEach((row, i) => {
    const name = row.chemical.trim()
    if (!name) faults.push({ row: i, part: 'chemical', text: 'quantities.fault.chemical' })
    else if (seen.has(name)) faults.push({ row: i, part: 'chemical', text: 'quantities.fault.twice' })
    seen.add(name)
    if (parseQuantity(row.quantity) == null) faults.push({ row: i, part: 'quantity', text: 'quantities.fault.quantity' })
    if (name && known && !knownChemical(name, known) && !row.hazardClass) faults.push({ row: i, part: 'hazardClass', text: 'quantities.fault.hazardClass' })
  })
  if (rows.length > MOST_CHEMICALS) faults.push({ row: rows.length - 1, part: 'chemical', text: 'quantities.fault.many' })
  return faults
}

/** What is sent. Call only without faults. */
export function toHeld(rows: readonly HeldText[]): HeldDraft[] {
  return rows.map((row) => ({ chemical: row.chemical.trim(), cas: row.cas.trim(), hazardClass: row.hazardClass, quantityT: parseQuantity(row.quantity) ?? 0 }))
}

/** Whether anything is other than on record. */
export function moved(rows: readonly HeldText[], held: readonly HeldChemical[]): boolean {
  const told = (all: readonly HeldDraft[]) => JSON.stringify(all.map((each) => [each.chemical, each.cas, each.hazardClass, each.quantityT]).sort())
  return told(toHeld(rows)) !== told(held.map(({ chemical, cas, hazardClass, quantityT }) => ({ chemical, cas, hazardClass, quantityT })))
}
