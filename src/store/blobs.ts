import { hash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { notFound } from '../rpc/errors.ts'
import { type NamedBytes, openBlobJournal, syncFolder, writeDurably } from './blob-journal.ts'
import type { BlobFolder } from './store.ts'

const blobName = /^[0-9a-f]{64}$/
// Larger ones are few, and writing them twice would cost more than waiting for the disk.
const smallBlob = 64 * 1024
// Files open at once.
const together = 32

/** A folder of files named by their content; small ones that came together stand in its journal for a while. */
export function openBlobs(folder: string): BlobFolder {
  const pathOf = pathIn(folder)
  const journal = openBlobJournal(folder, pathOf)
  const lasting = new Set<string>()
  // The same file in two mails at once: whoever comes second waits for the first.
  const underWay = new Map<string, Promise<void>>()

  /** Its own name is on the disk, too: the folder may be there since a moment ago. */
  const makeLastingFolder = async (path: string) => {
    if (lasting.has(path)) return
    await mkdir(path, { recursive: true })
    await syncFolder(folder)
    lasting.add(path)
  }

  const keepLarge = async ({ name, bytes }: NamedBytes) => {
    const path = pathOf(name)
    await makeLastingFolder(dirname(path))
    // Written beside and renamed: a crash leaves a stray temporary file, never half an attachment under its name.
    const temporary = `${path}.${randomUUID()}`
    try {
      await writeDurably(temporary, bytes)
      await rename(temporary, path)
    } catch (error) {
      // A full disk is tried again and again, and each try would leave it a little fuller.
      await rm(temporary, { force: true }).catch(() => {})
      throw error
    }
    await syncFolder(dirname(path))
  }

  const keep = async (files: readonly NamedBytes[]) => {
    const small = files.filter(({ bytes }) => bytes.byteLength <= smallBlob)
    // One alone is as soon written the plain way.
    const journaled = small.length > 1 ? small : []
    if (journaled.length > 0) await journal.add(journaled)
    await inGroups(
      files.filter((file) => !journaled.includes(file)),
      keepLarge,
    )
  }

  const putAll = async (all: readonly Uint8Array[]): Promise<string[]> => {
    const named = all.map((bytes): NamedBytes => ({ name: hash('sha256', bytes), bytes }))
    const fresh = new Map<string, NamedBytes>()
    const waiting: Promise<void>[] = []
    for (const file of named) {
      const other = underWay.get(file.name)
      if (other) waiting.push(other)
      else if (!journal.has(file.name) && !existsSync(pathOf(file.name))) fresh.set(file.name, file)
    }
    const work = keep([...fresh.values()])
    for (const name of fresh.keys()) underWay.set(name, work)
    try {
      await Promise.all([work, ...waiting])
    } finally {
      for (const name of fresh.keys()) underWay.delete(name)
    }
    return named.map(({ name }) => name)
  }

  return {
    folder,
    put: async (bytes) => (await putAll([bytes]))[0] ?? '',
    putAll,
    get: async (name) => {
      if (!blobName.test(name)) throw notFound('This file')
      try {
        return (await journal.read(name)) ?? (await readFile(pathOf(name)))
      } catch {
        throw notFound('This file')
      }
    },
    remove: async (name) => {
      if (!blobName.test(name)) return
      journal.forget(name)
      await rm(pathOf(name), { force: true })
    },
    names: async function* () {
      // First: what gets a file of its own meanwhile is met twice, and not never.
      const waiting = journal.names()
      yield* waiting
      const those = new Set(waiting)
      for (const prefix of await readdir(folder).catch(() => [])) {
        if (!/^[0-9a-f]{2}$/.test(prefix)) continue
        for (const name of await readdir(join(folder, prefix)).catch(() => []))
          if (blobName.test(name) && !those.has(name)) yield name
      }
    },
    settle: journal.settle,
  }
}

const pathIn = (folder: string) => (name: string) => join(folder, name.slice(0, 2), name)

async function inGroups<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += together) {
    await Promise.all(all.slice(from, from + together).map(work))
  }
}
