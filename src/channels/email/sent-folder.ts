import type { ImapFlow } from 'imapflow'

/**
 * The folder that the server, or failing that its name, marks for sent mail.
 * @returns null when there is none
 */
export async function findSentFolder(client: ImapFlow): Promise<string | null> {
  const folders = await client.list()
  return folders.find((folder) => folder.specialUse === '\\Sent')?.path ?? null
}

/** The open folder holds a mail with this id (without angle brackets). */
export async function holdsMessage(client: ImapFlow, messageId: string): Promise<boolean> {
  // A search alone need not see what arrived since the last command.
  await client.noop()
  const found = await client.search({ header: { 'message-id': `<${messageId}>` } }, { uid: true })
  return (found || []).length > 0
}

/**
 * Puts a sent mail into the open Sent folder, unless the provider has done so (Gmail and Microsoft do).
 * @returns whether a copy was made
 */
export async function fileCopy(client: ImapFlow, messageId: string, raw: Buffer, at: number): Promise<boolean> {
  if (!client.mailbox) throw new Error('no folder is open')
  if (await holdsMessage(client, messageId)) return false
  await client.append(client.mailbox.path, raw, ['\\Seen'], new Date(at))
  return true
}
