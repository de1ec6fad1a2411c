import { onScopeDispose, watch, type Ref } from 'vue'
import type uPlot from 'uplot'
import type { Limits } from '@/components/limits/scale'
import { dayLabel, hourMinute, plantDay } from '@/format/times'
import { beyond, lastPoint, valueWindow, withBreaks, type Crossing, type TrendColumns } from './columns'
import { followTouch } from './gestures'
import { paintCrossing, paintEvents, paintGround, paintLimitNames, readColours, type ChartColours, type TrendEvent } from './paint'

export interface TrendInput {
  columns: TrendColumns
  limits: Limits
  rangeLo: number | null
  rangeHi: number | null
  crossing: Crossing | null
  events: TrendEvent[]
  /** Seconds since epoch. */
  from: number
  to: number
}

export interface TrendPlotOptions {
  /** Px. */
  height: number
  /** Says how long a stretch without data was. */
  gapText: (seconds: number) => string
  /** Formats a value of the left scale. */
  valueText: (value: number) => string
  /** Anything that changes when colours or sizes may have changed. */
  repaintOn: () => unknown
}

const MARGIN_RIGHT_PX = 58
const DAY_S = 86_400

/** Keeps a uPlot in `host`, drawn from `input`, as wide as `width`. The library is fetched on first use. */
export function useTrendPlot(host: Ref<HTMLElement | null>, width: Readonly<Ref<number>>, input: () => TrendInput, options: TrendPlotOptions): void {
  let plot: uPlot | undefined
  let stopTouch: (() => void) | undefined
  let colours: ChartColours
  let gone = false

  const timeText = (s: number) => {
    const { from, to } = input()
    return to - from > 2 * DAY_S ? dayLabel(plantDay(s * 1000), false) : hourMinute(s * 1000)
  }

  const make = async (element: HTMLElement) => {
    const { default: UPlot } = await import('uplot')
    if (gone || plot || !element.isConnected) return
    colours = readColours(element)
    const text = { stroke: () => colours.ink3, font: '12px sans-serif' }
    plot = new UPlot(
      {
        width: width.value,
        height: options.height,
        padding: [8, MARGIN_RIGHT_PX, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: true, y: false }, points: { show: false } },
        scales: {
          x: { time: true, range: (_, min, max) => (max > min ? [min, max] : [input().from, input().to]) },
          y: { range: () => valueWindow(input().columns, input().limits, input().rangeLo, input().rangeHi) },
        },
        axes: [
          { ...text, size: 26, space: 76, grid: { show: false }, ticks: { show: false }, values: (_, splits) => splits.map(timeText) },
          { ...text, size: 42, space: 26, gap: 4, grid: { stroke: () => colours.grid, width: 1 }, ticks: { show: false }, values: (_, splits) => splits.map(options.valueText) },
        ],
        series: [
          {},
          { stroke: () => colours.series, width: 1, points: { show: false } },
          { stroke: () => colours.series, width: 2.2, points: { show: false } },
        ],
        bands: [{ series: [2, 1], fill: () => `color-mix(in srgb, ${colours.series} 22%, transparent)` }],
        hooks: {
          drawClear: [(u) => paintGround(u, input().limits, input().columns, colours, devicePixelRatio)],
          draw: [
            (u) => {
              const { columns, limits, crossing, events } = input()
              paintCrossing(u, crossing ? beyond(columns, crossing) : [], lastPoint(columns), colours, crossing != null, devicePixelRatio)
              paintEvents(u, events, columns.gaps, options.gapText, colours, devicePixelRatio)
              paintLimitNames(u, limits, colours, devicePixelRatio)
            },
          ],
        },
      },
      withBreaks(input().columns),
      element,
    )
    stopTouch = followTouch(plot, () => ({ from: input().from, to: input().to }))
  }

  const drop = () => {
    stopTouch?.()
    plot?.destroy()
    plot = undefined
  }
  watch(host, (element) => (element ? void make(element) : drop()), { immediate: true, flush: 'post' })
  watch(width, (now) => plot?.setSize({ width: now, height: options.height }))
  watch(input, ({ columns, from, to }) => {
    plot?.setData(withBreaks(columns), false)
    plot?.setScale('x', { min: from, max: to })
  })
  watch(options.repaintOn, () => {
    if (!plot || !host.value) return
    colours = readColours(host.value)
    plot.redraw(false, true)
  }, { flush: 'post' })
  onScopeDispose(() => {
    gone = true
    drop()
  })
}
