// @vitest-environment node
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { compressFolder } from '../../build/precompress.ts'

test('each text file worth it gets both copies, pictures and crumbs none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anlan-'))
  const text = 'console.log(1);'.repeat(100)
  await writeFile(join(folder, 'a.js'), text)
  await writeFile(join(folder, 'b.css'), 'a{}')
  await writeFile(join(folder, 'c.png'), Buffer.alloc(2000))
  expect(await compressFolder(folder)).toBe(1)
  expect((await readdir(folder)).sort()).toEqual(['a.js', 'a.js.br', 'a.js.gz', 'b.css', 'c.png'])
  expect(brotliDecompressSync(await readFile(join(folder, 'a.js.br'))).toString()).toBe(text)
  expect(gunzipSync(await readFile(join(folder, 'a.js.gz'))).toString()).toBe(text)
})
