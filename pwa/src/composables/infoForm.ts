import type { Enterprise, EnterpriseInfo } from '@/api/types'
import type { MessageKey } from '@/i18n'

export interface ContactText {
  duty: string
  name: string
  phone: string
}

/** The basic information as it is typed; the number of staff is a text until it is sent. */
export interface InfoValues {
  shortName: string
  legalRepresentative: string
  licenceNo: string
  staffCount: string
  products: string
  about: string
  address: string
  dutyPhone: string
  contacts: ContactText[]
}
export type InfoField = keyof InfoValues

/** In the order of the screen. */
export const INFO_FIELDS = ['shortName', 'legalRepresentative', 'licenceNo', 'staffCount', 'products', 'about', 'address', 'dutyPhone', 'contacts'] as const satisfies readonly InfoField[]
/** What the server takes at most. */
export const LONGEST = { shortName: 40, legalRepresentative: 50, licenceNo: 60, staffCount: 8, products: 300, about: 1000, address: 200, dutyPhone: 32, duty: 40, name: 50, phone: 32 } as const
const MOST_STAFF = 10_000_000
const MOST_CONTACTS = 100
/** Digits, and what people write between them. */
const PHONE = /^[\d\s+\-()（）—－,，、/;；#*转分机]{3,32}$/

export interface InfoFault {
  field: InfoField
  /** Which contact, and which part of it. */
  row?: number
  part?: keyof ContactText
  text: MessageKey
}

/** What a person has changed so far, and what stood there when they began. Fields that were not touched are absent. */
export interface InfoDraft {
  changes: Partial<InfoValues>
  base: Partial<InfoValues>
}

export function registered(enterprise: Enterprise): InfoValues {
  return {
    shortName: enterprise.shortName,
    legalRepresentative: enterprise.legalRepresentative,
    licenceNo: enterprise.licenceNo,
    staffCount: enterprise.staffCount == null ? '' : String(enterprise.staffCount),
    products: enterprise.products,
    about: enterprise.about,
    address: enterprise.address,
    dutyPhone: enterprise.dutyPhone ?? '',
    contacts: enterprise.contacts.map(({ duty, name, phone }) => ({ duty, name, phone: phone ?? '' })),
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const put = <K extends InfoField>(into: Partial<InfoValues>, field: K, value: InfoValues[K]): void => {
  into[field] = value
}
const without = (values: Partial<InfoValues>, field: InfoField): Partial<InfoValues> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name !== field))
const fieldsOf = (changes: Partial<InfoValues>): InfoField[] => INFO_FIELDS.filter((field) => changes[field] !== undefined)

/** What the form shows: the record, with what was changed here laid over it. */
export function merged(record: InfoValues, changes: Partial<InfoValues>): InfoValues {
  return { ...record, ...changes }
}

/** A field is typed into. What is as the record has it is no change. */
export function setField<K extends InfoField>(draft: InfoDraft, record: InfoValues, field: K, value: InfoValues[K]): void {
  if (same(value, record[field])) {
    draft.changes = without(draft.changes, field)
    draft.base = without(draft.base, field)
    return
  }
  if (draft.changes[field] === undefined) put(draft.base, field, record[field])
  put(draft.changes, field, value)
}

/** Changes that have arrived meanwhile are none any more. */
export function settle(draft: InfoDraft, record: InfoValues): void {
  for (const field of fieldsOf(draft.changes)) if (same(draft.changes[field], record[field])) setField(draft, record, field, record[field])
}

/** Fields that somebody else has changed since this person began to. */
export function overtaken(draft: InfoDraft, record: InfoValues): InfoField[] {
  return fieldsOf(draft.changes).filter((field) => !same(draft.base[field], record[field]))
}

/** This person has seen what the others wrote and keeps their own. */
export function keepOwn<K extends InfoField>(draft: InfoDraft, record: InfoValues, field: K): void {
  put(draft.base, field, record[field])
}

function phoneFault(phone: string): MessageKey | null {
  const text = phone.trim()
  return text && (!PHONE.test(text) || (text.match(/\d/g) ?? []).length < 3) ? 'info.fault.phone' : null
}

function contactFaults(contacts: readonly ContactText[]): InfoFault[] {
  const faults: InfoFault[] = []
  const add = (row: number, part: keyof ContactText, text: MessageKey) => faults.push({ field: 'contacts', row, part, text })
  const seen = new Set<string>()
  contacts.forEach((contact, row) => {
    for (const part of ['duty', 'name', 'phone'] as const) if (!contact[part].trim()) add(row, part, `info.fault.${part}`)
    const wrong = phoneFault(contact.phone)
    if (wrong) add(row, 'phone', wrong)
    const key = `${contact.duty.trim()}\n${contact.name.trim()}`
    if (contact.name.trim() && seen.has(key)) add(row, 'name', 'info.fault.twice')
    seen.add(key)
  })
  if (contacts.length > MOST_CONTACTS) faults.push({ field: 'contacts', text: 'info.fault.many' })
  return faults
}

/** What still keeps the form from being sent, in the order of the screen. */
export function infoFaults(values: InfoValues): InfoFault[] {
  const faults: InfoFault[] = []
  const staff = values.staffCount.trim()
  const wrong = phoneFault(values.dutyPhone)
  if (!values.shortName.trim()) faults.push({ field: 'shortName', text: 'info.fault.shortName' })
  if (staff && (!/^\d+$/.test(staff) || Number(staff) > MOST_STAFF)) faults.push({ field: 'staffCount', text: 'info.fault.staffCount' })
  if (wrong) faults.push({ field: 'dutyPhone', text: wrong })
  return [...faults, ...contactFaults(values.contacts)]
}

/** What is sent, whole. Call only without faults. */
export function toInfo(values: InfoValues): EnterpriseInfo {
  const staff = values.staffCount.trim()
  return {
    shortName: values.shortName.trim(),
    legalRepresentative: values.legalRepresentative.trim(),
    licenceNo: values.licenceNo.trim(),
    staffCount: staff ? Number(staff) : null,
    products: values.products.trim(),
    about: values.about.trim(),
    address: values.address.trim(),
    dutyPhone: values.dutyPhone.trim(),
    contacts: values.contacts.map(({ duty, name, phone }) => ({ duty: duty.trim(), name: name.trim(), phone: phone.trim() })),
  }
}
