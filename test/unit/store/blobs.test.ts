import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBlobs } from '../../../src/store/blobs.ts'

let folder: string

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'deskbell-blobs-')), 'blobs')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const many = (count: number, size = 1500) => Array.from({ length: count }, (_, n) => Buffer.alloc(size, `file ${n} `))
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const pathOf = (name: string) => join(folder, name.slice(0, 2), name)
async function all(blobs: ReturnType<typeof openBlobs>): Promise<string[]> {
  const names: string[] = []
  for await (const name of blobs.names()) names.push(name)
  return names.sort()
}
const journals = () => readdirSync(join(folder, 'journal'))

describe('many files at once', () => {
  test('are named by their content, in order, and read back', async () => {
    const blobs = openBlobs(folder)
    const files = [...many(50), Buffer.alloc(0), Buffer.alloc(300_000, 'large'), ...many(3)]
    const names = await blobs.putAll(files)
    expect(names).toEqual(files.map(sha))
    for (const [index, name] of names.entries())
      expect(Buffer.from(await blobs.get(name)).equals(files[index] ?? Buffer.of(1))).toBe(true)
  })

  test('cost one journal, and nothing when they are known', async () => {
    const blobs = openBlobs(folder)
    await blobs.putAll(many(40))
    await blobs.putAll(many(40))
    expect(journals()).toHaveLength(1)
  })

  test('the same file asked for at the same time is there for both', async () => {
    const blobs = openBlobs(folder)
    const [one, two] = await Promise.all([blobs.putAll(many(20)), blobs.putAll(many(20))])
    expect(one).toEqual(two)
    for (const name of one ?? []) expect(sha(await blobs.get(name))).toBe(name)
  })

  test('that cannot be written down are not promised', async () => {
    writeFileSync(folder, 'a file where the folder belongs')
    await expect(openBlobs(folder).putAll(many(3))).rejects.toThrow()
  })
})

describe('after a crash or a power cut', () => {
  test('what was promised is there', async () => {
    const names = await openBlobs(folder).putAll(many(10))
    const again = openBlobs(folder)
    for (const name of names) expect(sha(await again.get(name))).toBe(name)
    expect(await all(again)).toEqual([...names].sort())
  })

  test('a file that was cut off on its way out of the journal is made again', async () => {
    const [cut = '', zeroed = ''] = await openBlobs(folder).putAll(many(10))
    for (const name of [cut, zeroed]) mkdirSync(dirname(pathOf(name)), { recursive: true })
    writeFileSync(pathOf(cut), 'half')
    writeFileSync(pathOf(zeroed), Buffer.alloc(1500))
    const again = openBlobs(folder)
    expect(sha(await again.get(cut))).toBe(cut)
    await again.settle()
    await again.settle()
    for (const name of [cut, zeroed]) expect(sha(readFileSync(pathOf(name)))).toBe(name)
  })

  test('a journal that is only half there gives what it holds and hurts nobody', async () => {
    const names = await openBlobs(folder).putAll(many(10))
    const [journal = ''] = journals()
    truncateSync(join(folder, 'journal', journal), 4 * (1500 + 36) + 700)
    const again = openBlobs(folder)
    expect(await all(again)).toEqual(names.slice(0, 4).sort())
    // What comes a second time is kept as if it were new.
    expect(await again.putAll(many(10))).toEqual(names)
    for (const name of names) expect(sha(await again.get(name))).toBe(name)
  })
})

describe('settling', () => {
  test('gives files of their own to what was there for a whole round, and forgets their journal', async () => {
    const blobs = openBlobs(folder)
    const names = await blobs.putAll(many(10))
    await blobs.settle()
    expect(names.some((name) => existsSync(pathOf(name)))).toBe(false)
    const later = await blobs.putAll(many(12))
    await blobs.settle()
    expect(names.every((name) => existsSync(pathOf(name)))).toBe(true)
    expect(journals()).toHaveLength(1)
    await blobs.settle()
    expect(journals()).toHaveLength(0)
    for (const name of later) expect(sha(await blobs.get(name))).toBe(name)
    expect(await all(blobs)).toEqual([...later].sort())
  })

  test('while somebody reads takes nothing from under them', async () => {
    const blobs = openBlobs(folder)
    const names = await blobs.putAll(many(40))
    await blobs.settle()
    const [read] = await Promise.all([Promise.all(names.map(blobs.get)), blobs.settle()])
    expect(read.map(sha)).toEqual(names)
  })

  test('makes nothing of what was removed', async () => {
    const blobs = openBlobs(folder)
    const [gone = '', kept = ''] = await blobs.putAll(many(2))
    await blobs.remove(gone)
    await expect(blobs.get(gone)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await blobs.settle()
    await blobs.settle()
    expect(await all(blobs)).toEqual([kept])
  })
})
