import { expect, test } from 'vitest'
import { ApiProblem, problemText, toProblem } from '@/api/problem'

test('the server’s type picks the message', () => {
  expect(problemText(toProblem(401, { type: 'urn:anlan:wrong-password', detail: 'x' }))).toBe('账号或密码不对。')
  expect(problemText(toProblem(422, { type: 'urn:anlan:late-reason-required' }))).toContain('迟报原因')
})

test('an unknown type falls back to the server’s words, a server fault to ours', () => {
  expect(problemText(toProblem(409, { type: 'urn:anlan:something-new', detail: 'because' }))).toBe('because')
  expect(problemText(toProblem(502, '<html>'))).toContain('服务器暂时不可用')
  expect(problemText(new ApiProblem(0, 'timeout'))).toContain('网络太慢')
  expect(problemText(new Error('boom'))).toContain('意料之外')
})

test('what may pass is told from what will not', () => {
  expect(toProblem(503, {}).passing).toBe(true)
  expect(toProblem(429, {}).passing).toBe(true)
  expect(toProblem(422, {}).passing).toBe(false)
})

test('the facts of a refusal name what is meant', () => {
  expect(toProblem(422, { type: 'urn:anlan:invalid', field: 'cas', chemical: '苯' }).facts).toMatchObject({ field: 'cas', chemical: '苯' })
})
