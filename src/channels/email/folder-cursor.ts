import { z } from 'zod'
import { second } from '../../lib/durations.ts'

export type FolderRole = 'inbox' | 'sent'

const shape = z.object({
  path: z.string(),
  /** BigInt on the wire; a change means that every UID we know means nothing any more. */
  uidValidity: z.string(),
  /** When the account was connected, ms: what arrived before opens no lead. */
  connectedAt: z.number().int(),
  /** The server numbered the folder anew since then: what is history must be told by the date. */
  rebuilt: z.boolean(),
  /** UIDs up to here were there when the folder was first seen (or seen anew). */
  historyEnd: z.number().int(),
  /** UIDs up to here of them are taken. */
  historyDone: z.number().int(),
  /** Newer UIDs up to here are taken. They go first: a lead of today must not wait for ten years of mail. */
  head: z.number().int(),
})

/** Where the reading of one folder stopped. */
export type FolderCursor = Readonly<z.infer<typeof shape>>

export const cursorScope = (role: FolderRole) => `imap:${role}`

/** @returns null for no cursor, and for one of a shape we cannot read: reading again loses nothing and doubles nothing */
export function readCursor(text: string | null): FolderCursor | null {
  if (text === null) return null
  try {
    return shape.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The folder as the server shows it now. */
export type OpenFolder = { readonly path: string; readonly uidValidity: string; readonly uidNext: number }

/**
 * The cursor to go on with. A folder never seen, or rebuilt by the server (new UIDVALIDITY), is read from its
 * beginning; what was already taken is recognised by its identity and not by its UID.
 */
export function resumeFrom(saved: FolderCursor | null, folder: OpenFolder, now: number): FolderCursor {
  if (saved && saved.uidValidity === folder.uidValidity && saved.path === folder.path) return saved
  const last = Math.max(0, folder.uidNext - 1)
  return {
    path: folder.path,
    uidValidity: folder.uidValidity,
    connectedAt: saved?.connectedAt ?? now,
    rebuilt: saved !== null,
    historyEnd: last,
    historyDone: 0,
    head: last,
  }
}

/** Whether a mail was there before the account was connected. */
export function isHistory(cursor: FolderCursor, uid: number, arrivedAt: number): boolean {
  if (uid > cursor.historyEnd) return false
  // INTERNALDATE has whole seconds. In doubt a mail is news: better a lead too many than one too few.
  return !cursor.rebuilt || arrivedAt + second <= cursor.connectedAt
}
