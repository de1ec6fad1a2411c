import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const brotli = promisify(brotliCompress)
const deflate = promisify(gzip)
const TEXT = /\.(js|css|html|svg|json|geojson|webmanifest)$/
/** Bytes; below this the headers weigh more than what is saved. */
const WORTH_IT = 512

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((e) => e.isFile() && TEXT.test(e.name)).map((e) => join(e.parentPath, e.name))
}

/** Writes name.br and name.gz beside every text file of a folder. Returns how many files got them. */
export async function compressFolder(folder: string): Promise<number> {
  const worthy: string[] = []
  for (const file of await files(folder)) {
    const plain = await readFile(file)
    if (plain.length < WORTH_IT) continue
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
    await writeFile(`${file}.br`, await brotli(plain, { params }))
    await writeFile(`${file}.gz`, await deflate(plain, { level: 9 }))
    worthy.push(file)
  }
  return worthy.length
}

/** Compresses the output after the service worker has been written, so the server only has to choose a file. */
export function precompress(): Plugin {
  let folder = 'dist'
  return {
    name: 'anlan-precompress',
    apply: 'build',
    enforce: 'post',
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle: { order: 'post', sequential: true, handler: async () => void (await compressFolder(folder)) },
  }
}
