import type { AccessContact, Me, Region } from '@/api/types'

export interface ContactPlace {
  adcode: string
  name: string
  nameEn: string
  contacts: AccessContact[]
}

/** Whose contact it is. A city's code ends in 00 (GB/T 2260). */
export function contactRank(contact: Pick<AccessContact, 'adcode' | 'enterpriseId'>): 'enterprise' | 'city' | 'district' {
  if (contact.enterpriseId) return 'enterprise'
  return contact.adcode.endsWith('00') ? 'city' : 'district'
}

/** The areas of a branch: itself and what lies below. */
function branch(regions: readonly Region[], root: string): string[] {
  const below = regions.filter((region) => region.parentAdcode === root).map((region) => region.adcode)
  return [root, ...below.flatMap((adcode) => branch(regions, adcode))]
}

/** The areas in which this person may name who is responsible; an enterprise names nobody for its district. */
export function keptAreas(me: Pick<Me, 'role' | 'adcode'> | null, regions: readonly Region[]): Set<string> {
  if (me?.role === 'administrator') return new Set(regions.map((region) => region.adcode))
  const keeps = me?.role === 'district_regulator' || me?.role === 'city_regulator'
  return new Set(keeps && me.adcode ? branch(regions, me.adcode) : [])
}

/** Areas with those responsible for access: every kept one, also without anybody, and the others that have somebody. */
export function contactPlaces(contacts: readonly AccessContact[], regions: readonly Region[], kept: ReadonlySet<string>): ContactPlace[] {
  return regions
    .map((region) => ({ adcode: region.adcode, name: region.name, nameEn: region.nameEn, contacts: contacts.filter((one) => !one.enterpriseId && one.adcode === region.adcode) }))
    .filter((place) => kept.has(place.adcode) || place.contacts.length)
}

/** What a contact still lacks: the name of a text, or nothing. */
export function contactGap(form: { name: string; phone: string; reason: string }, withReason: boolean): 'name' | 'phone' | 'reason' | '' {
  if (!form.name.trim()) return 'name'
  if (form.phone.trim().length < 3) return 'phone'
  return withReason && form.reason.trim().length < 2 ? 'reason' : ''
}
