import type { EmailSettings, TestReport } from '../contract.ts'
import { connectImap, type MailTiming, mailTiming, within } from './connect-imap.ts'
import { nameProblem } from './mail-problem.ts'
import { tryLogin } from './send-mail.ts'
import { findSentFolder } from './sent-folder.ts'

type Step = TestReport['steps'][number]

/**
 * Tries receiving and sending, each for itself, without sending anything. Never rejects.
 * @param password or an access token when the settings say so; null when none was given and none is stored
 */
export async function testEmailAccount(
  settings: EmailSettings,
  password: string | null,
  { timing = mailTiming, ca }: { readonly timing?: MailTiming; readonly ca?: string } = {},
): Promise<TestReport> {
  if (password === null) {
    const byPassword = settings.auth?.kind !== 'oauth'
    const message = byPassword
      ? 'There is no password yet. Enter the one of your mail account.'
      : 'Nobody signed in yet. Save the mailbox and sign in.'
    return { ok: false, steps: [{ name: byPassword ? 'Password' : 'Sign-in', ok: false, message, detail: null }] }
  }
  const [receiving, sending] = await Promise.all([
    tryImap(settings, password, timing, ca),
    trySmtp(settings, password, timing, ca),
  ])
  const steps = [...receiving, sending]
  return { ok: steps.every((step) => step.ok), steps }
}

async function tryImap(
  { imap, auth }: EmailSettings,
  password: string,
  timing: MailTiming,
  ca: string | undefined,
): Promise<Step[]> {
  const name = 'Receiving mail'
  try {
    const client = await connectImap({ server: imap, password, oauth: auth?.kind === 'oauth', ca, timing })
    try {
      const inbox = await within(timing.reply, client.mailboxOpen('INBOX', { readOnly: true }))
      const sent = await within(timing.reply, findSentFolder(client))
      const folder: Step = sent
        ? { name: 'Sent folder', ok: true, message: `Answers are also found in “${sent}”.`, detail: null }
        : {
            name: 'Sent folder',
            ok: true,
            message: 'This mailbox has no Sent folder, so answers from other programs are not seen.',
            detail: null,
          }
      return [{ name, ok: true, message: `Connected. ${inbox.exists} mails in the inbox.`, detail: null }, folder]
    } finally {
      client.close()
    }
  } catch (error) {
    const { message, detail } = nameProblem(error, { way: 'in', host: imap.host, port: imap.port })
    return [{ name, ok: false, message, detail }]
  }
}

async function trySmtp(
  { smtp, auth }: EmailSettings,
  password: string,
  timing: MailTiming,
  ca: string | undefined,
): Promise<Step> {
  const name = 'Sending mail'
  try {
    await tryLogin({ server: smtp, password, oauth: auth?.kind === 'oauth', ca, connect: timing.connect })
    return { name, ok: true, message: 'Connected. Nothing was sent.', detail: null }
  } catch (error) {
    const { message, detail } = nameProblem(error, { way: 'out', host: smtp.host, port: smtp.port })
    return { name, ok: false, message, detail }
  }
}
