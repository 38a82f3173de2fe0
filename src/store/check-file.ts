import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { damagedFile } from './store-error.ts'

/** What the first 100 bytes of a database say (https://www.sqlite.org/fileformat2.html#the_database_header). */
type Header = { readonly pageSize: number; readonly pages: number | null; readonly userVersion: number }

/**
 * Looks at a database file before SQLite does, because opening alone may change it: a journal that does not fit is
 * thrown away without a word, and with it the newest leads.
 * @returns the version of its schema, 0 when there is no file
 * @throws DeskbellError `DATABASE_DAMAGED`
 */
export function checkDatabaseFile(path: string, blobFolder: string): number {
  if (!existsSync(path)) return 0
  const { size } = statSync(path)
  const journal = readJournal(`${path}-wal`)
  if (size === 0) {
    // A first start that was cut off leaves an empty file, too, but no files of anybody.
    if (existsSync(blobFolder) || journal !== null) throw damagedFile('the database is empty')
    return 0
  }
  const header = readHeader(path)
  if (!header) throw damagedFile('the file is no database')
  if (journal) checkJournal(journal)
  // With a journal, pages may be in there that never reached the file.
  else if (header.pages !== null && size < header.pages * header.pageSize) {
    throw damagedFile(`the file has ${size} bytes instead of ${header.pages * header.pageSize}`)
  }
  return header.userVersion
}

function readHeader(path: string): Header | null {
  const bytes = readStart(path, 100)
  if (bytes.length < 100 || bytes.toString('latin1', 0, 16) !== 'SQLite format 3\0') return null
  const size = bytes.readUInt16BE(16)
  // The page count holds only for files whose last writer knew of it.
  const pages = bytes.readUInt32BE(24) === bytes.readUInt32BE(92) ? bytes.readUInt32BE(28) : null
  return { pageSize: size === 1 ? 65_536 : size, pages, userVersion: bytes.readUInt32BE(60) }
}

const journalHeader = 32
const frameHeader = 24

/** Null when there is none, or nothing in it yet. */
function readJournal(path: string): Buffer | null {
  if (!existsSync(path) || statSync(path).size <= journalHeader) return null
  return readStart(path, statSync(path).size)
}

/**
 * SQLite reads the write-ahead journal up to the first frame whose checksum is wrong and forgets the rest. After a power
 * cut that is right: the rest was never committed. But a commit is synced before the next transaction begins, so two
 * commits behind a wrong frame mean that what was promised is damaged (https://www.sqlite.org/fileformat2.html#walformat).
 */
function checkJournal(journal: Buffer): void {
  const magic = journal.readUInt32BE(0)
  if (magic !== 0x377f0682 && magic !== 0x377f0683) throw damagedFile('the journal has no header')
  const sums = checksums(magic === 0x377f0683)
  sums.add(journal, 0, 24)
  if (!sums.equal(journal, 24)) throw damagedFile('the header of the journal is damaged')
  const pageSize = journal.readUInt32BE(8)
  const salt = journal.subarray(16, 24)
  let sound = true
  let commitsBehind = 0
  for (let at = journalHeader; at + frameHeader + pageSize <= journal.length; at += frameHeader + pageSize) {
    // Frames of an older round of the journal lie behind all current ones; they carry another salt.
    const current = journal.subarray(at + 8, at + 16).equals(salt)
    if (!current) sound = false
    else if (sound) {
      sums.add(journal, at, 8)
      sums.add(journal, at + frameHeader, pageSize)
      sound = sums.equal(journal, at + 16)
    }
    if (current && !sound && journal.readUInt32BE(at + 4) !== 0) commitsBehind += 1
  }
  if (commitsBehind > 1) throw damagedFile('the journal is damaged in the middle')
}

/** The running checksum of a journal, in the byte order that its header names. */
function checksums(bigEndian: boolean) {
  let first = 0
  let second = 0
  const word = (bytes: Buffer, at: number) => (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at))
  return {
    add: (bytes: Buffer, from: number, length: number) => {
      for (let at = from; at < from + length; at += 8) {
        first = (first + word(bytes, at) + second) >>> 0
        second = (second + word(bytes, at + 4) + first) >>> 0
      }
    },
    equal: (bytes: Buffer, at: number) => bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second,
  }
}

function readStart(path: string, length: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(Math.min(length, fstatSync(file).size))
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(file)
  }
}
