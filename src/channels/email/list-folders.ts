import { DeskbellError } from '../../rpc/errors.ts'
import type { EmailSettings, MailFolder } from '../contract.ts'
import { connectImap, type MailTiming, mailTiming, within } from './connect-imap.ts'
import { nameProblem, problemToError } from './mail-problem.ts'

const roles: Readonly<Record<string, MailFolder['role']>> = {
  '\\Inbox': 'inbox',
  '\\Sent': 'sent',
  '\\All': 'all',
  '\\Drafts': 'drafts',
  '\\Junk': 'junk',
  '\\Trash': 'trash',
  '\\Archive': 'archive',
}

/**
 * The folders of a mailbox that can hold mail, in the server's order.
 * @param password or an access token when the settings say so
 * @throws DeskbellError in the user's words when the mailbox cannot be reached
 */
export async function listFolders(
  { imap, auth }: EmailSettings,
  password: string,
  { timing = mailTiming, ca }: { readonly timing?: MailTiming; readonly ca?: string } = {},
): Promise<MailFolder[]> {
  try {
    const client = await connectImap({ server: imap, password, oauth: auth?.kind === 'oauth', ca, timing })
    try {
      const folders = await within(timing.reply, client.list({ statusQuery: { messages: true } }))
      return folders
        .filter((it) => !it.flags.has('\\Noselect') && !it.flags.has('\\NonExistent'))
        .map((it) => ({
          path: it.path,
          name: it.name,
          role: roles[it.path.toUpperCase() === 'INBOX' ? '\\Inbox' : (it.specialUse ?? '')] ?? null,
          messages: it.status?.messages ?? null,
        }))
    } finally {
      client.close()
    }
  } catch (error) {
    throw new DeskbellError(problemToError(nameProblem(error, { way: 'in', host: imap.host, port: imap.port })))
  }
}
