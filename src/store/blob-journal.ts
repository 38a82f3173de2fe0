import { hash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Bytes and their SHA-256 in hex. */
export type NamedBytes = { readonly name: string; readonly bytes: Uint8Array }

/**
 * Makes many small files durable at the price of one: they are written down together, and get files of their own when
 * there is time. Four thousand attachments of a first synchronisation would otherwise be made, one by one, while it runs.
 */
export type BlobJournal = {
  /** Durable when it resolves. */
  readonly add: (files: readonly NamedBytes[]) => Promise<void>
  /** What stands in the journal and has no file of its own yet. */
  readonly names: () => readonly string[]
  readonly has: (name: string) => boolean
  /** @returns null when it is not, or no longer, in the journal */
  readonly read: (name: string) => Promise<Buffer | null>
  /** It gets no file any more. */
  readonly forget: (name: string) => void
  /** Gives what was added before the last call files of their own, and forgets it. */
  readonly settle: () => Promise<void>
}

type Place = { readonly journal: string; readonly at: number; readonly size: number }

const folderName = 'journal'
const nameBytes = 32
const entryHeader = nameBytes + 4

/**
 * Reads what an earlier run left behind.
 * @param folder the blob folder
 * @param pathOf where the file of a name belongs
 */
export function openBlobJournal(folder: string, pathOf: (name: string) => string): BlobJournal {
  const journals = join(folder, folderName)
  const places = new Map<string, Place>()
  const known = new Set<string>()
  for (const journal of existsSync(journals) ? readdirSync(journals) : [])
    note(journal, readFileSync(join(journals, journal)))
  let ripe: ReadonlySet<string> = new Set()

  function note(journal: string, whole: Buffer): void {
    known.add(journal)
    for (const { name, at, size } of decode(whole)) places.set(name, { journal, at, size })
  }

  const bytesAt = async ({ journal, at, size }: Place): Promise<Buffer> => {
    const file = await open(join(journals, journal), 'r')
    try {
      const { buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, at)
      return buffer
    } finally {
      await file.close()
    }
  }

  const settleOne = async (journal: string) => {
    const folders = new Set<string>()
    for (const [name, place] of places) {
      if (place.journal !== journal) continue
      const path = pathOf(name)
      await mkdir(dirname(path), { recursive: true })
      await writeDurably(path, await bytesAt(place))
      folders.add(dirname(path))
    }
    for (const one of folders) await syncFolder(one)
    await syncFolder(folder)
    for (const [name, place] of places) if (place.journal === journal) places.delete(name)
    known.delete(journal)
    await rm(join(journals, journal), { force: true })
  }

  return {
    add: async (files) => {
      await mkdir(journals, { recursive: true })
      const journal = randomUUID()
      const whole = encode(files)
      await writeDurably(join(journals, journal), whole)
      await syncFolder(journals)
      known.add(journal)
      let at = 0
      for (const { name, bytes } of files) {
        places.set(name, { journal, at: at + entryHeader, size: bytes.byteLength })
        at += entryHeader + bytes.byteLength
      }
    },
    names: () => [...places.keys()],
    has: (name) => places.has(name),
    read: async (name) => {
      const place = places.get(name)
      if (!place) return null
      try {
        return await bytesAt(place)
      } catch (error) {
        // It got its own file while we looked.
        if (!places.has(name)) return null
        throw error
      }
    },
    forget: (name) => {
      places.delete(name)
    },
    settle: async () => {
      for (const journal of known) if (ripe.has(journal)) await settleOne(journal)
      ripe = new Set(known)
    },
  }
}

/** Name, length and bytes of each file in turn. */
function encode(files: readonly NamedBytes[]): Buffer {
  const whole = Buffer.allocUnsafe(files.reduce((sum, { bytes }) => sum + entryHeader + bytes.byteLength, 0))
  let at = 0
  for (const { name, bytes } of files) {
    whole.write(name, at, 'hex')
    whole.writeUInt32LE(bytes.byteLength, at + nameBytes)
    whole.set(bytes, at + entryHeader)
    at += entryHeader + bytes.byteLength
  }
  return whole
}

/** Up to the first file that is not whole: a journal that was being written when the power went was promised to nobody. */
function* decode(whole: Buffer): Generator<{ readonly name: string; readonly at: number; readonly size: number }> {
  for (let at = 0; at + entryHeader <= whole.byteLength; ) {
    const name = whole.toString('hex', at, at + nameBytes)
    const size = whole.readUInt32LE(at + nameBytes)
    const start = at + entryHeader
    const bytes = whole.subarray(start, start + size)
    if (start + size > whole.byteLength || hash('sha256', bytes) !== name) return
    yield { name, at: start, size }
    at = start + size
  }
}

export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A new file is found again after a power cut only when its folder is on the disk, too. */
export async function syncFolder(path: string): Promise<void> {
  // Windows knows no such thing: there the file system writes names down by itself.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
