import type { Plugin } from 'vite'

const EMPTY = '\0no-icon-font.css'

/**
 * Leaves out Vant's icon font: 27 KB gzip that nobody sees, because every icon here is our own SVG,
 * and a remote fallback address that a strict content policy would report.
 */
export function noIconFont(): Plugin {
  return {
    name: 'anlan-no-icon-font',
    enforce: 'pre',
    resolveId: (id, importer) =>
      importer?.includes('/vant/') && /(^|\/)icon\/index\.css$/.test(id) ? EMPTY : undefined,
    load: (id) => (id === EMPTY ? '' : undefined),
  }
}
