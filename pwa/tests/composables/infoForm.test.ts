import { expect, test } from 'vitest'
import type { Enterprise } from '@/api/types'
import { infoFaults, keepOwn, merged, overtaken, registered, setField, settle, toInfo, type InfoDraft, type InfoValues } from '@/composables/infoForm'

const enterprise = {
  shortName: '澜屿化工', legalRepresentative: '陈国栋', licenceNo: '鲁WH001', staffCount: 210, products: '甲苯', about: '', address: '乙烯路12号', dutyPhone: '0533-1234567',
  contacts: [{ duty: '安全', name: '周启明', phone: '17005330001' }],
} as unknown as Enterprise
const record = registered(enterprise)
const draft = (): InfoDraft => ({ changes: {}, base: {} })
const others = (changes: Partial<InfoValues>): InfoValues => ({ ...record, ...changes })

test('only what was changed is kept, and what is put back is no change', () => {
  const form = draft()
  setField(form, record, 'address', '乙烯路14号')
  expect(form).toEqual({ changes: { address: '乙烯路14号' }, base: { address: '乙烯路12号' } })
  expect(merged(record, form.changes).products).toBe('甲苯')
  setField(form, record, 'address', '乙烯路12号')
  expect(form).toEqual(draft())
})

test('what others write to other fields is followed, to the same field it is said', () => {
  const form = draft()
  setField(form, record, 'address', '乙烯路14号')
  const elsewhere = others({ products: '苯' })
  expect([merged(elsewhere, form.changes).products, overtaken(form, elsewhere)]).toEqual(['苯', []])
  const here = others({ address: '乙烯路16号' })
  expect(overtaken(form, here)).toEqual(['address'])
  keepOwn(form, here, 'address')
  expect([overtaken(form, here), merged(here, form.changes).address]).toEqual([[], '乙烯路14号'])
})

test('a change that has arrived is none any more', () => {
  const form = draft()
  const contacts = [...record.contacts, { duty: '消防', name: '李某', phone: '119' }]
  setField(form, record, 'contacts', contacts)
  setField(form, record, 'about', '成立于 2003 年')
  settle(form, others({ contacts: contacts.map((each) => ({ ...each })) }))
  expect(Object.keys(form.changes)).toEqual(['about'])
})

test.each([
  [{ shortName: ' ' }, ['shortName']],
  [{ staffCount: '二百' }, ['staffCount']],
  [{ staffCount: '-1' }, ['staffCount']],
  [{ staffCount: '99999999' }, ['staffCount']],
  [{ staffCount: '' }, []],
  [{ dutyPhone: '值班室' }, ['dutyPhone']],
  [{ dutyPhone: '12' }, ['dutyPhone']],
  [{ dutyPhone: '(0533) 123-4567 转 8001' }, []],
  [{ dutyPhone: '' }, []],
])('%j: what is wrong is said at its field', (changes, fields) => {
  expect(infoFaults(others(changes)).map((fault) => fault.field)).toEqual(fields)
})

test('a contact has all three, and stands there once', () => {
  const faults = infoFaults(others({ contacts: [{ duty: '', name: '周启明', phone: '' }, { duty: '安全', name: '李某', phone: '119' }, { duty: '安全 ', name: '李某', phone: 'x' }] }))
  expect(faults.map(({ row, part }) => [row, part])).toEqual([[0, 'duty'], [0, 'phone'], [2, 'phone'], [2, 'name']])
})

test('what is sent is whole and trimmed, no number of staff is null', () => {
  expect(toInfo(others({ staffCount: ' ', address: ' 乙烯路14号 ' }))).toEqual({
    shortName: '澜屿化工', legalRepresentative: '陈国栋', licenceNo: '鲁WH001', staffCount: null, products: '甲苯', about: '', address: '乙烯路14号', dutyPhone: '0533-1234567',
    contacts: [{ duty: '安全', name: '周启明', phone: '17005330001' }],
  })
  expect(toInfo(record).staffCount).toBe(210)
})
