import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import LivePages from '@/components/base/LivePages.vue'
import MoreOnScroll from '@/components/base/MoreOnScroll.vue'

/** An observer that a test moves by hand. */
class Observer {
  static all: Observer[] = []
  elements: Element[] = []
  constructor(readonly hear: (entries: { isIntersecting: boolean }[]) => void) {
    Observer.all.push(this)
  }
  observe(element: Element): void {
    this.elements.push(element)
  }
  disconnect(): void {
    this.elements = []
  }
  static show(element: Element, isIntersecting: boolean): void {
    for (const each of Observer.all) if (each.elements.includes(element)) each.hear([{ isIntersecting }])
  }
}
beforeEach(() => {
  Observer.all = []
  vi.stubGlobal('IntersectionObserver', Observer)
})
afterEach(() => vi.unstubAllGlobals())

test('the next page is asked for at the end of the list, and not again until it has come', async () => {
  const end = mount(MoreOnScroll, { props: { more: true, loading: false, count: 50 } })
  await nextTick()
  Observer.show(end.element, true)
  await nextTick()
  expect(end.emitted('more')).toHaveLength(1)
  await end.setProps({ loading: true })
  await end.setProps({ loading: false })
  expect(end.emitted('more'), 'a page that failed waits for a press').toHaveLength(1)
  await end.find('button').trigger('click')
  await end.setProps({ count: 100 })
  await nextTick()
  expect(end.emitted('more')).toHaveLength(3)
  await end.setProps({ more: false })
  expect(end.find('button').exists()).toBe(false)
})

test('of a long list only the pages in sight are drawn and asked for', async () => {
  const ask = vi.fn(async (after: string | null) => {
    const from = Number(after ?? 0)
    return { data: { items: [0, 1].map((i) => ({ id: from + i, group: from + i < 3 ? 'A' : 'B' })), next: from < 4 ? String(from + 2) : null }, at: 1000 + from, cached: false }
  })
  const list = mount(LivePages<{ id: number; group: string }>, {
    props: { cacheKey: ['x'], ask, groupOf: (item) => item.group, rowPx: 70, subject: 's', emptyTitle: 'e', emptyIcon: 'gauge' },
    slots: { row: '<template #row="{ item }"><i class="r">{{ item.id }}</i></template>' },
    global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] },
  })
  const pages = () => list.findAll('.live-page')
  const rows = () => list.findAll('.r').map((each) => each.text())
  await flushPromises()
  expect([ask.mock.calls.length, rows(), pages().length]).toEqual([1, ['0', '1'], 2])
  Observer.show(pages()[1]!.element, true)
  await flushPromises()
  expect([ask.mock.calls.map(([after]) => after), rows()]).toEqual([[null, '2'], ['0', '1', '2', '3']])
  expect(list.findAll('h2').map((each) => each.text()), 'a group that goes on has one heading').toEqual(['A', 'B'])
  Observer.show(pages()[0]!.element, false)
  await flushPromises()
  expect([rows(), pages()[0]!.attributes('style')]).toEqual([['2', '3'], 'min-height: 140px;'])
  const states = list.emitted('state') as [{ at: number; count: number; more: boolean }][]
  expect(states.at(-1)![0]).toMatchObject({ at: 1002, count: 4, more: true })
})

test('a list whose page draws anew for its news comes to rest', async () => {
  const ask = vi.fn(async () => ({ data: { items: [{ id: 1 }], next: null }, at: 1000, cached: false }))
  let drawn = 0
  const page = defineComponent(() => {
    const state = ref<unknown>()
    return () => {
      drawn += 1
      if (drawn > 50) throw new Error('it never comes to rest')
      // New functions each time, as a template writes them.
      const props = { cacheKey: ['y'], ask: () => ask(), groupOf: () => 'A', subject: 's', emptyTitle: 'e', emptyIcon: 'gauge', onState: (now: unknown) => (state.value = now) }
      return h('div', [JSON.stringify(state.value), h(LivePages as never, props as never, { row: () => 'row' })])
    }
  })
  const mounted = mount(page, { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  await flushPromises()
  await flushPromises()
  expect(mounted.text()).toContain('"count":1')
  expect(drawn).toBeLessThan(10)
})
