import { gzipSync } from 'node:zlib'
import type { Plugin, Rollup } from 'vite'

type Chunk = Rollup.OutputChunk

/** What a phone fetches before it shows a page, KB gzip of JavaScript. */
const MOST_KB = 120

/** The names of a chunk and of everything it cannot start without. */
export function closure(name: string, chunks: ReadonlyMap<string, Pick<Chunk, 'imports'>>, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const other of chunks.get(name)?.imports ?? []) closure(other, chunks, seen)
  return seen
}

/** Stops a build in which a page has grown beyond what a phone on a bad network should fetch. */
export function budget(): Plugin {
  return {
    name: 'anlan-budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const chunks = new Map(Object.values(bundle).flatMap((out) => (out.type === 'chunk' ? [[out.fileName, out] as const] : [])))
      const entry = [...chunks.values()].find((chunk) => chunk.isEntry)
      if (!entry) return
      for (const page of chunks.values()) {
        if (!page.facadeModuleId?.includes('/src/pages/')) continue
        const needed = new Set([...closure(entry.fileName, chunks), ...closure(page.fileName, chunks)])
        const bytes = [...needed].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').length, 0)
        if (bytes > MOST_KB * 1000) this.error(`${page.name} needs ${Math.round(bytes / 1000)} KB of JavaScript, more than ${MOST_KB}`)
      }
    },
  }
}
