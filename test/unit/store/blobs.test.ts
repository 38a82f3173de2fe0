import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBlobs, recoverBlobs } from '../../../src/store/blobs.ts'

let folder: string

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'deskbell-blobs-')), 'blobs')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const many = (count: number, size = 1500) => Array.from({ length: count }, (_, n) => Buffer.alloc(size, `file ${n} `))
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const pathOf = (name: string) => join(folder, name.slice(0, 2), name)
const journals = () => readdirSync(join(folder, 'journal'))

describe('many files at once', () => {
  test('are named by their content, in order, and read back', async () => {
    const blobs = openBlobs(folder)
    const all = [...many(50), Buffer.alloc(0), Buffer.alloc(300_000, 'large'), ...many(3)]
    const names = await blobs.putAll(all)
    expect(names).toEqual(all.map(sha))
    for (const [index, name] of names.entries())
      expect(Buffer.from(await blobs.get(name)).equals(all[index] ?? Buffer.of(1))).toBe(true)
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

describe('after a power cut', () => {
  test('files that are gone, cut off or empty of meaning are made again', async () => {
    const names = await openBlobs(folder).putAll(many(10))
    const [gone = '', cut = '', zeroed = ''] = names
    rmSync(pathOf(gone))
    truncateSync(pathOf(cut), 10)
    writeFileSync(pathOf(zeroed), Buffer.alloc(1500))
    expect(recoverBlobs(folder)).toBe(3)
    for (const name of names) expect(sha(readFileSync(pathOf(name)))).toBe(name)
    expect(recoverBlobs(folder)).toBe(0)
  })

  test('a journal that is only half there gives what it holds and hurts nobody', async () => {
    const names = await openBlobs(folder).putAll(many(10))
    const [journal = ''] = journals()
    truncateSync(join(folder, 'journal', journal), 4 * (1500 + 36) + 700)
    for (const name of names) rmSync(pathOf(name))
    expect(recoverBlobs(folder)).toBe(4)
    expect(names.filter((name) => existsSync(pathOf(name)))).toEqual(names.slice(0, 4))
  })
})

describe('settling', () => {
  test('forgets a journal only after it was there for a whole round', async () => {
    const blobs = openBlobs(folder)
    const names = await blobs.putAll(many(10))
    await blobs.settle()
    expect(journals()).toHaveLength(1)
    await blobs.putAll(many(12))
    await blobs.settle()
    expect(journals()).toHaveLength(1)
    await blobs.settle()
    expect(journals()).toHaveLength(0)
    for (const name of names) expect(sha(await blobs.get(name))).toBe(name)
  })

  test('first makes a file that never got written', async () => {
    const blobs = openBlobs(folder)
    const [name = ''] = await blobs.putAll(many(2))
    rmSync(pathOf(name))
    await blobs.settle()
    await blobs.settle()
    expect(sha(await blobs.get(name))).toBe(name)
  })
})
