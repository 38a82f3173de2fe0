import { hash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Bytes and their SHA-256 in hex. */
export type NamedBytes = { readonly name: string; readonly bytes: Uint8Array }

/**
 * Makes many small files durable at the price of one: they are written down together first, and the files themselves may
 * then be written without waiting for the disk. A file that a power cut took is made again from here at the next start.
 * Four thousand attachments of a first synchronisation would otherwise wait for the disk four thousand times.
 */
export type BlobJournal = {
  /** Durable when it resolves. */
  readonly add: (files: readonly NamedBytes[]) => Promise<void>
  /**
   * Forgets what was added before the last call, after making sure that its files are on the disk by now. Rarely called
   * and in no hurry: the operating system has written them long since, so that asking costs little.
   */
  readonly settle: () => Promise<void>
}

const folderName = 'journal'
const nameBytes = 32
const entryHeader = nameBytes + 4

/**
 * @param folder the blob folder
 * @param pathOf where the file of a name belongs
 */
export function openBlobJournal(folder: string, pathOf: (name: string) => string): BlobJournal {
  const journals = join(folder, folderName)
  let ripe: ReadonlySet<string> = new Set()
  return {
    add: async (files) => {
      await mkdir(journals, { recursive: true })
      await writeDurably(join(journals, randomUUID()), encode(files))
      await syncFolder(journals)
    },
    settle: async () => {
      const there = existsSync(journals) ? await readdir(journals) : []
      for (const journal of there.filter((it) => ripe.has(it))) {
        const files = decode(await readFile(join(journals, journal))).map((it) => ({ ...it, path: pathOf(it.name) }))
        for (const { path, bytes } of files) await (existsSync(path) ? syncFile(path) : writeAnew(path, bytes))
        for (const one of new Set(files.map(({ path }) => dirname(path)))) await syncFolder(one)
        await syncFolder(folder)
        await rm(join(journals, journal), { force: true })
      }
      ripe = new Set(there)
    },
  }
}

/**
 * Makes whole again what a crash or a power cut left undone. Called before anybody reads or adds files.
 * @returns how many files were missing or damaged
 */
export function replayBlobJournal(folder: string, pathOf: (name: string) => string): number {
  const journals = join(folder, folderName)
  let repaired = 0
  for (const journal of existsSync(journals) ? readdirSync(journals) : []) {
    for (const { name, bytes } of decode(readFileSync(join(journals, journal)))) {
      const path = pathOf(name)
      if (isWhole(path, name, bytes.byteLength)) continue
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
      repaired += 1
    }
  }
  return repaired
}

function isWhole(path: string, name: string, size: number): boolean {
  const known = statSync(path, { throwIfNoEntry: false })
  return known?.size === size && hash('sha256', readFileSync(path)) === name
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
function decode(whole: Buffer): NamedBytes[] {
  const files: NamedBytes[] = []
  for (let at = 0; at + entryHeader <= whole.byteLength; ) {
    const name = whole.toString('hex', at, at + nameBytes)
    const end = at + entryHeader + whole.readUInt32LE(at + nameBytes)
    const bytes = whole.subarray(at + entryHeader, end)
    if (end > whole.byteLength || hash('sha256', bytes) !== name) break
    files.push({ name, bytes })
    at = end
  }
  return files
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

/** Its writing failed after the journal was written. */
async function writeAnew(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeDurably(path, bytes)
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
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
