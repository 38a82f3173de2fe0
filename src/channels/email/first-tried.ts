import type { ChannelContext } from '../channel.ts'
import { cursorScope, type FolderRole } from './folder-cursor.ts'

const scope = 'imap:tried'
const inboxes: readonly FolderRole[] = ['inbox', 'all']

/**
 * Remembers when a mailbox was first tried in vain (a wrong password, a server that is down). Who writes between that
 * moment and the first success writes to a business that believes it is connected: that is a lead, and not history.
 */
export async function noteTried(context: ChannelContext, at: number): Promise<void> {
  try {
    if ((await context.cursor(scope)) !== null || (await wasRead(context, inboxes))) return
    await context.deliver([], [{ scope, value: String(at) }])
  } catch (error) {
    // A full disk, for instance: the next attempt notes it.
    context.log.warn({ detail: String(error) }, 'the first attempt could not be noted')
  }
}

/** @returns ms; null when the mailbox could be read from the start, or for a folder that was added to it later */
export async function firstTried(context: ChannelContext, role: FolderRole): Promise<number | null> {
  if (!inboxes.includes(role)) return null
  // The other one was read before: somebody changed what is taken in, maybe after years.
  if (await wasRead(context, inboxes)) return null
  const stored = await context.cursor(scope)
  return stored === null ? null : Number(stored)
}

async function wasRead(context: ChannelContext, roles: readonly FolderRole[]): Promise<boolean> {
  for (const role of roles) if ((await context.cursor(cursorScope(role))) !== null) return true
  return false
}
