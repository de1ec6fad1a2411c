import type uPlot from 'uplot'

/** Moved less than this, px: a tap. */
const TAP_PX = 8
/** Two taps within this time, ms: back to the whole. */
const DOUBLE_MS = 350

export interface Span {
  from: number
  to: number
}

/** The span after two fingers moved: what was under each finger stays under it. x are px, width the plot's. */
export function pinched(start: Span, before: [number, number], after: [number, number], width: number): Span {
  const perPx = (start.to - start.from) / width
  const [left, right] = before.map((x) => start.from + x * perPx) as [number, number]
  const apart = Math.max(8, Math.abs(after[1] - after[0]))
  const scale = (right - left) / (after[1] >= after[0] ? apart : -apart)
  const from = left - after[0] * scale
  return { from, to: from + width * scale }
}

/** The span after one finger moved by dx px. */
export function panned(start: Span, dx: number, width: number): Span {
  const shift = (-dx * (start.to - start.from)) / width
  return { from: start.from + shift, to: start.to + shift }
}

/** The span kept inside the whole, as long as it was where that is possible. */
export function within(span: Span, whole: Span): Span {
  const length = Math.min(span.to - span.from, whole.to - whole.from)
  const from = Math.min(Math.max(span.from, whole.from), whole.to - length)
  return { from, to: from + length }
}

/**
 * Two fingers scale, one pans, a double tap shows all again. Vertical swipes still scroll the page.
 * A tap counts only if a single finger went down and hardly moved; two fingers lifting are not a double tap.
 */
export function followTouch(u: uPlot, whole: () => Span): () => void {
  const down = new Map<number, { start: number; now: number }>()
  let start: Span = whole()
  let most = 0
  let lastTap = 0

  const current = (): Span => ({ from: u.scales.x?.min ?? 0, to: u.scales.x?.max ?? 1 })
  const show = (span: Span) => {
    const { from, to } = within(span, whole())
    if (to > from) u.setScale('x', { min: from, max: to })
  }
  const rebase = () => {
    start = current()
    for (const finger of down.values()) finger.start = finger.now
  }
  const place = (event: PointerEvent) => event.clientX - u.over.getBoundingClientRect().left

  const onDown = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') return
    down.set(event.pointerId, { start: place(event), now: place(event) })
    most = Math.max(most, down.size)
    rebase()
  }
  const onMove = (event: PointerEvent) => {
    const finger = down.get(event.pointerId)
    if (!finger) return
    finger.now = place(event)
    const [a, b] = [...down.values()]
    const width = u.over.clientWidth
    if (a && b) show(pinched(start, [a.start, b.start], [a.now, b.now], width))
    else if (a && Math.abs(a.now - a.start) >= TAP_PX) show(panned(start, a.now - a.start, width))
  }
  const onUp = (event: PointerEvent) => {
    const finger = down.get(event.pointerId)
    if (!finger) return
    down.delete(event.pointerId)
    if (down.size === 0) {
      const tapped = most === 1 && Math.abs(finger.now - finger.start) < TAP_PX
      if (tapped && event.timeStamp - lastTap < DOUBLE_MS) show(whole())
      lastTap = tapped ? event.timeStamp : 0
      most = 0
    } else {
      rebase()
    }
  }
  u.over.style.touchAction = 'pan-y'
  u.over.addEventListener('pointerdown', onDown)
  u.over.addEventListener('pointermove', onMove)
  u.over.addEventListener('pointerup', onUp)
  u.over.addEventListener('pointercancel', onUp)
  return () => {
    u.over.removeEventListener('pointerdown', onDown)
    u.over.removeEventListener('pointermove', onMove)
    u.over.removeEventListener('pointerup', onUp)
    u.over.removeEventListener('pointercancel', onUp)
  }
}
