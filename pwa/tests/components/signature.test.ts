import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import SignatureImage from '@/components/commitment/SignatureImage.vue'
import SignaturePad from '@/components/commitment/SignaturePad.vue'

/** What the server takes for a drawing. */
const SVG_PATH = /^[MmLlHhVvCcSsQqTtAaZz0-9eE\s,.+-]+$/

function pad() {
  const wrapper = mount(SignaturePad, { props: { name: '陈国栋', modelValue: '', 'onUpdate:modelValue': (path: string) => wrapper.setProps({ modelValue: path }) } })
  return wrapper
}
const at = (clientX: number, clientY: number) => ({ pointerId: 1, clientX, clientY })

test('strokes become a path that the server takes; trembling adds nothing', async () => {
  const wrapper = pad()
  const svg = wrapper.find('svg')
  await svg.trigger('pointerdown', at(10, 20))
  await svg.trigger('pointermove', at(11, 20))
  await svg.trigger('pointermove', at(30, 44))
  await svg.trigger('pointerup', at(30, 44))
  await svg.trigger('pointermove', at(90, 90))
  expect(wrapper.props('modelValue')).toBe('M10 20h.1L30 44')
  expect(wrapper.props('modelValue')).toMatch(SVG_PATH)
})

test('signing again starts from nothing', async () => {
  const wrapper = pad()
  await wrapper.find('svg').trigger('pointerdown', at(10, 20))
  await wrapper.find('button').trigger('click')
  expect(wrapper.props('modelValue')).toBe('')
  expect(wrapper.find('button').exists()).toBe(false)
})

test('a stored signature is shown as a drawing, never as markup', () => {
  expect(mount(SignatureImage, { props: { signature: 'M10 20L30 44', name: '陈' } }).find('path').attributes('d')).toBe('M10 20L30 44')
  expect(mount(SignatureImage, { props: { signature: 'data:image/png;base64,AA==', name: '陈' } }).find('img').exists()).toBe(true)
  expect(mount(SignatureImage, { props: { signature: '', name: '陈' } }).text()).toBe('没有签名图')
})
