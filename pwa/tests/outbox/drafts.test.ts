import { expect, test, vi } from 'vitest'
import { effectScope, nextTick, reactive } from 'vue'
import { useDraft } from '@/composables/useDraft'
import { dropDraft, loadDraft, saveDraft } from '@/outbox/drafts'

test('a draft comes back as it was, with its time', async () => {
  await saveDraft('k', { place: '2# 泵区' }, 1000)
  expect(await loadDraft('k')).toEqual({ savedAt: 1000, value: { place: '2# 泵区' } })
  await dropDraft('k')
  expect(await loadDraft('k')).toBeNull()
})

test('a form is filled from its draft, saved after a pause, and forgotten when sent', async () => {
  await saveDraft('me:work', { place: 'A', people: 3 })
  const form = reactive({ place: '', people: 2 })
  const scope = effectScope()
  const draft = scope.run(() => useDraft('me:work', form))!
  await draft.ready
  expect(form).toEqual({ place: 'A', people: 3 })
  form.place = 'B'
  await nextTick()
  await vi.waitFor(async () => expect((await loadDraft<typeof form>('me:work'))!.value.place).toBe('B'), 2000)
  await draft.drop()
  expect(await loadDraft('me:work')).toBeNull()
  scope.stop()
})
