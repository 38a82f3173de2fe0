import { z } from 'zod'
import type { ChannelContext } from '../channel.ts'
import { cursorScope, type FolderRole } from './folder-cursor.ts'

const scope = 'imap:tried'
/** By folder, ms. */
const shape = z.record(z.string(), z.number())
type Tried = Readonly<z.infer<typeof shape>>

/** INBOX and All Mail are one: which of them is read is known only when the server answers. */
type Folder = { readonly role: 'inbox' | 'sent' | 'all' } | { readonly role: 'folder'; readonly path: string }
const nameOf = (folder: Folder) => (folder.role === 'folder' ? `folder:${folder.path}` : 'inbox')

/**
 * Remembers for each folder of a mailbox when it was first tried in vain (a wrong password, a server that is down). Who
 * writes between that moment and the first success writes to a business that believes it is connected: that is a lead,
 * and not history.
 */
export type FirstTries = {
  /** A folder could not be read. */
  readonly note: (folder: Folder, at: number) => Promise<void>
  /** Forgets the folders that are not chosen any more: chosen again after years, they have a new first time. */
  readonly keepOnly: (folders: readonly Folder[]) => Promise<void>
}

export function makeFirstTries(context: ChannelContext): FirstTries {
  let last: Promise<void> = Promise.resolve()

  /** One after another: several folders fail in the same moment, and all of them are written down in one place. */
  const change = (work: (tried: Tried) => Promise<Tried | null>): Promise<void> => {
    last = last.then(async () => {
      try {
        const next = await work(await readTried(context))
        if (next) await context.deliver([], [{ scope, value: JSON.stringify(next) }])
      } catch (error) {
        // A full disk, for instance: the next attempt notes it.
        context.log.warn({ detail: String(error) }, 'the first attempt could not be noted')
      }
    })
    return last
  }

  return {
    note: (folder, at) =>
      change(async (tried) => {
        if (folder.role === 'sent' || tried[nameOf(folder)] !== undefined || (await wasRead(context, folder)))
          return null
        return { ...tried, [nameOf(folder)]: at }
      }),
    keepOnly: (folders) =>
      change(async (tried) => {
        const chosen = new Set(folders.map(nameOf))
        const kept = Object.entries(tried).filter(([name]) => chosen.has(name))
        return kept.length === Object.keys(tried).length ? null : Object.fromEntries(kept)
      }),
  }
}

/**
 * Asked before a folder is read for the first time.
 * @returns ms; null when it could be read from the start
 */
export async function firstTried(context: ChannelContext, role: FolderRole, path: string): Promise<number | null> {
  if (role === 'sent') return null
  const folder: Folder = role === 'folder' ? { role, path } : { role }
  // The other one of the two was read before: somebody changed what is taken in, maybe after years.
  if (await wasRead(context, folder)) return null
  return (await readTried(context))[nameOf(folder)] ?? null
}

async function readTried(context: ChannelContext): Promise<Tried> {
  const stored: unknown = JSON.parse((await context.cursor(scope)) ?? '{}')
  // The first version knew the INBOX only.
  return typeof stored === 'number' ? { inbox: stored } : (shape.safeParse(stored).data ?? {})
}

async function wasRead(context: ChannelContext, folder: Folder): Promise<boolean> {
  const scopes =
    folder.role === 'folder' ? [cursorScope('folder', folder.path)] : [cursorScope('inbox'), cursorScope('all')]
  for (const one of scopes) if ((await context.cursor(one)) !== null) return true
  return false
}
