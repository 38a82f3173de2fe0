import { z } from 'zod'
import { second } from '../../lib/durations.ts'
import type { EmailSettings } from '../contract.ts'

/** `all` is Gmail's All Mail, which holds what was received and what was sent; `folder` one that the user chose. */
export type FolderRole = 'inbox' | 'sent' | 'all' | 'folder'

const shape = z.object({
  path: z.string(),
  /** BigInt on the wire; a change means that every UID we know means nothing any more. */
  uidValidity: z.string(),
  /** When the account was connected, or first tried in vain, ms: what arrived before opens no lead. */
  connectedAt: z.number().int(),
  /** What is history must be told by the date: the server numbered the folder anew since then, or could not be read then. */
  rebuilt: z.boolean(),
  /** UIDs up to here were there when the folder was first seen (or seen anew). */
  historyEnd: z.number().int(),
  /** UIDs up to here of them are still to be taken; read from the newest down, so that it ends at 0. */
  historyLeft: z.number().int(),
  /** How many mails that history has, and how many of them were looked at: what the window shows as progress. */
  historyTotal: z.number().int().default(0),
  historySeen: z.number().int().default(0),
  /** Newer UIDs up to here are taken. They go first: a lead of today must not wait for ten years of mail. */
  head: z.number().int(),
  /** How many mails were left out on purpose, by reason. */
  leftOut: z.record(z.string(), z.number().int()).default({}),
})

/** Where the reading of one folder stopped. */
export type FolderCursor = Readonly<z.infer<typeof shape>>

/** @param path of a chosen folder; the other roles are one folder each */
export function cursorScope(role: FolderRole, path = ''): string {
  return role === 'folder' ? `imap:folder:${path}` : `imap:${role}`
}

/** The scopes that count for an account as it is set now; cursors of an earlier choice may still lie about. */
export function activeScopes({ capture }: EmailSettings): string[] {
  if (capture?.kind === 'folders') return [...capture.folders.map((path) => folderScope(path)), cursorScope('sent')]
  return ['inbox', 'sent', 'all'].map((role) => cursorScope(role as FolderRole))
}

/** INBOX is itself in every choice, so that a change of the choice does not read it again. */
export const folderRole = (path: string): FolderRole => (path.toUpperCase() === 'INBOX' ? 'inbox' : 'folder')
const folderScope = (path: string) => cursorScope(folderRole(path), path)

/** @returns null for no cursor, and for one of a shape we cannot read: reading again loses nothing and doubles nothing */
export function readCursor(text: string | null): FolderCursor | null {
  if (text === null) return null
  try {
    return shape.parse(fromOldestFirst(JSON.parse(text)))
  } catch {
    return null
  }
}

/** The first version read history upwards. What it had not finished is read again from the top; known mails are skipped. */
function fromOldestFirst(stored: unknown): unknown {
  const old = z.object({ historyEnd: z.number(), historyDone: z.number() }).safeParse(stored).data
  if (!old || typeof stored !== 'object') return stored
  return { ...stored, historyLeft: old.historyDone >= old.historyEnd ? 0 : old.historyEnd }
}

/** The folder as the server shows it now. */
export type OpenFolder = { readonly path: string; readonly uidValidity: string; readonly uidNext: number }

/**
 * The cursor to go on with. A folder never seen, or rebuilt by the server (new UIDVALIDITY), is read anew; what was
 * already taken is recognised by its identity and not by its UID.
 * @param triedAt when the account was first tried and could not be read, ms; what arrived since then is news
 */
export function resumeFrom(
  saved: FolderCursor | null,
  folder: OpenFolder,
  now: number,
  triedAt: number | null,
): FolderCursor {
  if (saved && saved.uidValidity === folder.uidValidity && saved.path === folder.path) return saved
  const last = Math.max(0, folder.uidNext - 1)
  return {
    path: folder.path,
    uidValidity: folder.uidValidity,
    connectedAt: saved?.connectedAt ?? triedAt ?? now,
    rebuilt: saved !== null || triedAt !== null,
    historyEnd: last,
    historyLeft: last,
    historyTotal: 0,
    historySeen: 0,
    head: last,
    leftOut: saved?.leftOut ?? {},
  }
}

/** Whether a mail was there before the account was connected. */
export function isHistory(cursor: FolderCursor, uid: number, arrivedAt: number): boolean {
  if (uid > cursor.historyEnd) return false
  // INTERNALDATE has whole seconds. In doubt a mail is news: better a lead too many than one too few.
  return !cursor.rebuilt || arrivedAt + second <= cursor.connectedAt
}

/** The cursor after mails were left out for these reasons. */
export function withLeftOut(cursor: FolderCursor, leftOut: ReadonlyMap<string, number>): FolderCursor {
  if (leftOut.size === 0) return cursor
  const sums = { ...cursor.leftOut }
  for (const [reason, count] of leftOut) sums[reason] = (sums[reason] ?? 0) + count
  return { ...cursor, leftOut: sums }
}

/** Which of the two a piece of work belongs to: new mail goes up from `head`, history down from `historyLeft`. */
export type Way = 'new' | 'history'

/** The cursor after this UID. */
export function advance(cursor: FolderCursor, uid: number, way: Way): FolderCursor {
  return way === 'new' ? { ...cursor, head: uid } : { ...cursor, historyLeft: uid - 1 }
}
