import { hash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { notFound } from '../rpc/errors.ts'
import { type NamedBytes, openBlobJournal, replayBlobJournal, syncFolder, writeDurably } from './blob-journal.ts'
import type { BlobFolder } from './store.ts'

const blobName = /^[0-9a-f]{64}$/
// Larger ones are few, and writing them twice would cost more than waiting for the disk.
const smallBlob = 64 * 1024
// Files open at once.
const together = 32

/** Puts the folder in order after a crash or a power cut, before {@link openBlobs}. Answers how many files it made again. */
export const recoverBlobs = (folder: string): number => replayBlobJournal(folder, pathIn(folder))

/** A folder of files named by their content. */
export function openBlobs(folder: string): BlobFolder {
  const pathOf = pathIn(folder)
  const journal = openBlobJournal(folder, pathOf)
  const made = new Set<string>()
  const lasting = new Set<string>()
  // The same file in two mails at once: whoever comes second waits for the first.
  const underWay = new Map<string, Promise<void>>()

  const makeFolder = async (path: string) => {
    if (made.has(path)) return
    await mkdir(path, { recursive: true })
    made.add(path)
  }

  /** Its own name is on the disk, too: the folder may be there since a moment ago. */
  const makeLastingFolder = async (path: string) => {
    await makeFolder(path)
    if (lasting.has(path)) return
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

  /** Into the journal first: then a file of which half was written, or its folder, is made whole at the next start. */
  const keepSmall = async (files: readonly NamedBytes[]) => {
    await journal.add(files)
    // Not without waiting: a file system that looks for room may take a millisecond for each.
    await inGroups(files, async ({ name, bytes }) => {
      const path = pathOf(name)
      await makeFolder(dirname(path))
      await writeFile(path, bytes)
    })
  }

  const keep = async (files: readonly NamedBytes[]) => {
    const small = files.filter(({ bytes }) => bytes.byteLength <= smallBlob)
    // One alone is as soon written the plain way.
    const journaled = small.length > 1 ? small : []
    if (journaled.length > 0) await keepSmall(journaled)
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
      else if (!existsSync(pathOf(file.name))) fresh.set(file.name, file)
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
        return await readFile(pathOf(name))
      } catch {
        throw notFound('This file')
      }
    },
    remove: async (name) => {
      if (blobName.test(name)) await rm(pathOf(name), { force: true })
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
