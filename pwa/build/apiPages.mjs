// Puts the reader of the API document beside the other assets: /api/docs must work without the outside world.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const from = join(root, 'node_modules', '@scalar', 'api-reference', 'dist')
const to = join(root, 'dist', 'assets', 'scalar')

mkdirSync(to, { recursive: true })
for (const [source, name] of [['browser/standalone.js', 'standalone.js'], ['style.css', 'style.css']]) {
  copyFileSync(join(from, source), join(to, name))
  const bytes = readFileSync(join(to, name))
  writeFileSync(join(to, `${name}.gz`), gzipSync(bytes))
  writeFileSync(join(to, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }))
}
