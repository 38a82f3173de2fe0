import { minute } from '../../lib/durations.ts'
import type { Channel } from '../channel.ts'
import type { EmailSettings } from '../contract.ts'
import type { StepEnd, TestRun } from './test-run.ts'
import { testMessageId, testWords } from './token.ts'

// Large providers take up to a minute to deliver to themselves when they are busy.
const comesWithin = 2 * minute

/** Sends a mail from the mailbox to itself and waits until its watcher brings it: out through SMTP, in through IMAP. */
export async function testMailbox(
  run: TestRun,
  channel: Channel,
  { address, smtp, imap, capture }: EmailSettings,
  now: number,
): Promise<void> {
  const { token, accountId } = run
  const arrived = run.expect((it) => it.accountId === accountId && it.token === token, comesWithin)
  const sent = await run.step('Send a mail to yourself', `Sending through ${smtp.host}…`, () =>
    send(channel, { token, address, now }),
  )
  if (!sent) return
  const folders = capture?.kind === 'folders' ? capture.folders : []
  const elsewhere = folders.length > 0 && !folders.some((it) => it.toUpperCase() === 'INBOX')
  const waiting = elsewhere
    ? `Deskbell reads only ${folders.join(', ')}. Move the mail “${testWords(token)}” there in your mail program now.`
    : `Waiting until ${imap.host} brings it…`
  await run.step('Find it in your mailbox', waiting, async () => {
    if (await arrived) return { state: 'ok', message: 'It came, and Deskbell put it aside. It is in no list.' }
    return {
      state: 'failed',
      message: elsewhere
        ? `It did not come within two minutes. Deskbell reads only ${folders.join(', ')}, and mail to you lands in the inbox: let a rule move it, or choose other folders in Settings, Channels.`
        : `It did not come within two minutes. Look for “${testWords(token)}” in your webmail: in the spam folder, mark it as no spam; in no folder at all, your provider holds it back, so ask them.`,
    }
  })
}

type Mail = { readonly token: string; readonly address: string; readonly now: number }

async function send(channel: Channel, { token, address, now }: Mail): Promise<StepEnd> {
  const outcome = await channel.send(
    {
      kind: 'email',
      messageId: testMessageId(token, address),
      at: now,
      to: { name: null, address },
      subject: testWords(token),
      body: 'You tested in Deskbell whether this mailbox sends and receives. You can delete this mail.',
      inReplyTo: null,
      references: [],
      files: [],
    },
    { committing: async () => {} },
  )
  switch (outcome.kind) {
    case 'sent':
      return { state: 'ok', message: 'The mail server took it.' }
    case 'failed':
      return { state: 'failed', message: outcome.error.message, detail: outcome.error.detail ?? null }
    case 'unknown':
      return { state: 'look', message: 'The mail server did not say whether it took the mail.', detail: outcome.detail }
  }
}
