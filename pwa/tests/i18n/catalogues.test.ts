import { globSync, readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { setLocale, t } from '@/i18n'
import { en } from '@/i18n/en'
import { zhCN } from '@/i18n/zh-CN'

afterEach(() => setLocale('zh-CN'))

const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

test('both languages have the same keys with the same holes', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zhCN).sort())
  const different = (Object.keys(zhCN) as (keyof typeof zhCN)[]).filter(
    (key) => holes(zhCN[key]).join() !== holes(en[key]).join(),
  )
  expect(different).toEqual([])
})

test('no text praises or shouts', () => {
  const loud = [...Object.entries(zhCN), ...Object.entries(en)].filter(([, text]) => /[!！]/.test(text))
  expect(loud).toEqual([])
})

test('a text is filled in, and switches language at once', async () => {
  expect(t('time.ms', { m: 2, s: '08' })).toBe('2 分 08 秒')
  await setLocale('en')
  expect(t('time.ms', { m: 2, s: '08' })).toBe('2 min 08 s')
  expect(document.documentElement.lang).toBe('en')
})

test('every text is used, by its key or by a key made from its beginning', () => {
  const source = globSync('src/**/*.{ts,vue}', { exclude: (file) => String(file).includes('i18n') }).map((file) => readFileSync(file, 'utf8')).join('\n')
  const begins = [...source.matchAll(/`([a-z][\w.]*\.)\$\{/g)].map((m) => m[1]!)
  const unused = Object.keys(zhCN).filter((key) => !source.includes(`'${key}'`) && !begins.some((begin) => key.startsWith(begin)))
  expect(unused).toEqual([])
})
