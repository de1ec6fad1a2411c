import type uPlot from 'uplot'
import { bandsOf, labelWidth, spread, ticksOf, type Limits } from '@/components/limits/scale'
import { doubtful, type TrendColumns } from './columns'

/** The roles of the design tokens that a canvas needs as plain colours. */
export interface ChartColours {
  ink: string
  ink2: string
  ink3: string
  inverse: string
  surface: string
  line: string
  hatch: string
  staleSoft: string
  grid: string
  series: string
  levelFill: string
  levelInk: string
}

export interface TrendEvent {
  /** Seconds since epoch. */
  t: number
  label: string
}

const FONT_PX = 12
/** Labels nearer than this cannot be read, px. */
const LABEL_GAP = 14
/** Height of the strip below what was not all of good quality, px. */
const DOUBT_PX = 7
const HATCHES = { light: { step: 6, width: 1.4 }, dense: { step: 4, width: 2 } }

/** Read the tokens as they are in this theme. `level` is a class that sets --lvf and --lv. */
export function readColours(element: HTMLElement): ChartColours {
  const style = getComputedStyle(element)
  const role = (name: string) => style.getPropertyValue(name).trim() || '#888'
  return {
    ink: role('--an-ink'),
    ink2: role('--an-ink-2'),
    ink3: role('--an-ink-3'),
    inverse: role('--an-ink-inverse'),
    surface: role('--an-surface'),
    line: role('--an-line-strong'),
    hatch: role('--an-hatch'),
    staleSoft: role('--an-stale-soft'),
    grid: role('--an-grid'),
    series: role('--an-series-1'),
    levelFill: role('--lvf'),
    levelInk: role('--lv'),
  }
}

/** Fill a rectangle (canvas px) with slanting lines; `dense` for beyond HH or LL and for missing data. */
function hatch(ctx: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, colour: string, dense: boolean, ratio: number): void {
  const { step, width } = dense ? HATCHES.dense : HATCHES.light
  ctx.save()
  ctx.beginPath()
  ctx.rect(x, y, w, h)
  ctx.clip()
  ctx.strokeStyle = colour
  ctx.lineWidth = width * ratio
  ctx.beginPath()
  for (let start = x - h - ((x - h) % (step * ratio)); start < x + w; start += step * ratio) {
    ctx.moveTo(start, y + h)
    ctx.lineTo(start + h, y)
  }
  ctx.stroke()
  ctx.restore()
}

function tag(ctx: CanvasRenderingContext2D, text: string, centre: number, top: number, box: uPlot.BBox, ratio: number, fill: string, ink: string, edge?: string): void {
  const width = (labelWidth(text) + 14) * ratio
  const height = 20 * ratio
  const left = Math.min(box.left + box.width - width, Math.max(box.left, centre - width / 2))
  ctx.beginPath()
  ctx.roundRect(left, top, width, height, 4 * ratio)
  ctx.fillStyle = fill
  ctx.fill()
  if (edge) {
    ctx.strokeStyle = edge
    ctx.lineWidth = ratio
    ctx.stroke()
  }
  ctx.fillStyle = ink
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.fillText(text, left + width / 2, top + height / 2)
}

/** Bands, limit lines and missing stretches: everything that lies behind the line. */
export function paintGround(u: uPlot, limits: Limits, columns: TrendColumns, colours: ChartColours, ratio: number): void {
  const { ctx, bbox } = u
  const y = (v: number) => u.valToPos(v, 'y', true)
  const { min = 0, max = 1 } = u.scales.y ?? {}
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const band of bandsOf(limits, min ?? 0, max ?? 1)) {
    hatch(ctx, bbox.left, y(band.to), bbox.width, y(band.from) - y(band.to), colours.hatch, band.dense, ratio)
  }
  for (const tick of ticksOf(limits)) {
    const outer = tick.key === 'hh' || tick.key === 'll'
    ctx.strokeStyle = outer ? colours.ink : colours.ink2
    ctx.lineWidth = (outer ? 1.4 : 1) * ratio
    ctx.setLineDash((outer ? [9, 3] : [5, 3]).map((d) => d * ratio))
    ctx.beginPath()
    ctx.moveTo(bbox.left, y(tick.value))
    ctx.lineTo(bbox.left + bbox.width, y(tick.value))
    ctx.stroke()
  }
  ctx.setLineDash([])
  for (const [from, to] of columns.gaps) {
    const left = u.valToPos(from, 'x', true)
    const width = Math.max(3 * ratio, u.valToPos(to, 'x', true) - left)
    ctx.fillStyle = colours.staleSoft
    ctx.fillRect(left, bbox.top, width, bbox.height)
    hatch(ctx, left, bbox.top, width, bbox.height, colours.hatch, true, ratio)
  }
  for (const [from, to] of doubtful(columns)) {
    const left = u.valToPos(from, 'x', true)
    const width = Math.max(3 * ratio, u.valToPos(to, 'x', true) - left)
    hatch(ctx, left, bbox.top + bbox.height - DOUBT_PX * ratio, width, DOUBT_PX * ratio, colours.ink2, true, ratio)
  }
  ctx.restore()
}

/** Names of the limits in the right margin, pushed apart where they are near. */
export function paintLimitNames(u: uPlot, limits: Limits, colours: ChartColours, ratio: number): void {
  const { ctx, bbox } = u
  const { min, max } = u.scales.y ?? {}
  const ticks = ticksOf(limits)
    .filter((tick) => tick.value >= (min ?? -Infinity) && tick.value <= (max ?? Infinity))
    .reverse()
  const half = (FONT_PX / 2) * ratio
  const centres = ticks.map((tick) => u.valToPos(tick.value, 'y', true))
  const places = spread(centres, LABEL_GAP * ratio, bbox.top + half, bbox.top + bbox.height - half)
  ctx.fillStyle = colours.ink
  ctx.font = `700 ${FONT_PX * ratio}px ${fontOf(u)}`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ticks.forEach((tick, i) => ctx.fillText(tick.label, bbox.left + bbox.width + 9 * ratio, places[i]!))
}

export function fontOf(u: uPlot): string {
  return getComputedStyle(u.root).getPropertyValue('--an-font-num') || 'sans-serif'
}

/** The crossing part of the line, thicker and in the level's colour, and the newest value as a dot. */
export function paintCrossing(u: uPlot, pieces: [number, number][][], last: [number, number] | null, colours: ChartColours, crossed: boolean, ratio: number): void {
  const { ctx } = u
  const at = ([t, v]: [number, number]): [number, number] => [u.valToPos(t, 'x', true), u.valToPos(v, 'y', true)]
  ctx.strokeStyle = colours.levelInk
  ctx.lineWidth = 3.4 * ratio
  ctx.lineJoin = 'round'
  ctx.lineCap = 'round'
  for (const piece of pieces) {
    ctx.beginPath()
    piece.forEach((point, i) => (i ? ctx.lineTo(...at(point)) : ctx.moveTo(...at(point))))
    ctx.stroke()
  }
  if (!last) return
  ctx.beginPath()
  ctx.arc(...at(last), 4 * ratio, 0, 2 * Math.PI)
  ctx.fillStyle = crossed ? colours.levelFill : colours.series
  ctx.fill()
  ctx.strokeStyle = colours.surface
  ctx.lineWidth = 1.5 * ratio
  ctx.stroke()
}

/** Events as a line with a black label; missing stretches say how long. */
export function paintEvents(u: uPlot, events: TrendEvent[], gaps: TrendColumns['gaps'], gapText: (seconds: number) => string, colours: ChartColours, ratio: number): void {
  const { ctx, bbox } = u
  const bottom = bbox.top + bbox.height - 24 * ratio
  ctx.font = `700 ${FONT_PX * ratio}px ${fontOf(u)}`
  let free = bbox.left
  for (const [from, to] of gaps) {
    const centre = u.valToPos((from + to) / 2, 'x', true)
    const half = ((labelWidth(gapText(to - from)) + 14) * ratio) / 2
    if (centre < free || centre > bbox.left + bbox.width) continue
    free = centre + 2 * half
    tag(ctx, gapText(to - from), centre, bottom, bbox, ratio, colours.surface, colours.ink2, colours.line)
  }
  for (const event of events) {
    const x = u.valToPos(event.t, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.strokeStyle = colours.ink
    ctx.lineWidth = 1.3 * ratio
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    tag(ctx, event.label, x, bottom, bbox, ratio, colours.ink, colours.inverse)
  }
}
