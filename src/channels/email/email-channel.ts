import type { ImapFlow } from 'imapflow'
import { BugError } from '../../lib/assert.ts'
import { minute } from '../../lib/durations.ts'
import { DeskbellError, toErrorBody } from '../../rpc/errors.ts'
import type {
  Channel,
  ChannelContext,
  FileAsked,
  Lookup,
  Outbound,
  OutboundMail,
  SendHooks,
  SendOutcome,
  StateReport,
} from '../channel.ts'
import type { AccountState, EmailSettings } from '../contract.ts'
import { makeLogin } from '../oauth/login.ts'
import { isTestMessageId } from '../self-test/token.ts'
import { type BuiltMail, buildMessage } from './build-message.ts'
import { type CaptureRule, emptyCircle, makeCaptureRule, readCircle } from './capture-rule.ts'
import { connectImap, type MailTiming, mailTiming, within } from './connect-imap.ts'
import { fetchFile } from './fetch-file.ts'
import { makeFirstTries } from './first-tried.ts'
import { folderRole } from './folder-cursor.ts'
import { engineIdleness, type Idleness } from './idleness.ts'
import { nameProblem, problemToError } from './mail-problem.ts'
import { type MailReader, plainReader } from './mail-reader.ts'
import { type Sending, sendMail } from './send-mail.ts'
import { fileCopy, holdsMessage } from './sent-folder.ts'
import { pauseScope } from './sync-progress.ts'
import { sentRevision } from './to-inbound.ts'
import { type FolderWatch, noLoginWords, type WatchedFolder, watchFolder } from './watch-folder.ts'

export type EmailChannelOptions = {
  readonly timing?: MailTiming
  /** A certificate authority to trust besides the system's, PEM. */
  readonly ca?: string
  /** When there is time for old mail. */
  readonly idleness?: Idleness
  /** Reads many mails at once elsewhere; in this thread when left out. */
  readonly reader?: MailReader
  /** For signing in; the system's when left out. */
  readonly fetch?: typeof fetch
}

// Who puts sent mail into the Sent folder, learned from the last mail: it decides what an empty search means.
const filingScope = 'smtp:filing'
type Filing = 'provider' | 'ours'

type Copy = { readonly messageId: string; readonly raw: Buffer; readonly at: number }

/**
 * One mailbox: an IMAP connection for each folder (INBOX or the chosen ones, and Sent) that waits for mail, and an SMTP
 * connection for each mail that is sent.
 */
export function openEmailChannel(
  settings: EmailSettings,
  context: ChannelContext,
  {
    timing = mailTiming,
    ca,
    idleness = engineIdleness,
    reader = plainReader,
    fetch = globalThis.fetch,
  }: EmailChannelOptions = {},
): Channel {
  // Grows by one short id a mail sent; a restart empties it, and then the store knows them all.
  const ownSends = new Set<string>()
  const copies: Copy[] = []
  const report = stateOf(context)
  const { capture } = settings
  const whole = (capture?.kind ?? 'everything') === 'everything'
  const unread = new Set<string>()
  let paused = false
  const { secret, keepSecret, clock } = context
  const login = makeLogin(settings, { secret, keepSecret, clock, fetch })

  const rule = async (client: ImapFlow): Promise<CaptureRule> => {
    const circle = capture?.kind === 'unknown-senders' ? await readCircle(client, context) : emptyCircle
    return makeCaptureRule(settings, context, circle)
  }
  const firstTries = makeFirstTries(context)
  const stopping = new AbortController()
  const isOwnSend = (id: string) => ownSends.has(id)
  const shared = { context, settings, login, timing, ca, idleness, reader, whole, firstTries, isOwnSend }

  const watchInbox = (folder: WatchedFolder): FolderWatch => {
    const name = folder.role === 'folder' ? folder.path : folder.role
    unread.add(name)
    return watchFolder({
      ...shared,
      folder,
      rule,
      onState: (state) => void report(name, state),
      mayReadHistory: () => !paused,
      onRead: () => {
        if (!unread.delete(name) || unread.size > 0 || whole) return
        void sent.poke()
      },
    })
  }
  const wanted = capture?.kind === 'folders' ? capture.folders.map(chosen) : [{ role: 'inbox' as const }]
  const inboxes = wanted.map(watchInbox)
  const sent = watchFolder({
    ...shared,
    folder: { role: 'sent' },
    // The circle is read by the connection that needs it.
    rule: async () => makeCaptureRule(settings, context, emptyCircle),
    onState: (state) => void report('sent', state),
    // Which of the old answers went to a person is known only when their mails are in.
    mayReadHistory: () => !paused && (whole || unread.size === 0),
    onRead: () => {},
    beforeSync: (client) => fileCopies(client),
  })
  const watches = [...inboxes, sent]

  const noteFiling = async (value: Filing) => {
    if ((await context.cursor(filingScope)) !== value) await context.deliver([], [{ scope: filingScope, value }])
  }

  const fileCopies = async (client: ImapFlow) => {
    for (let copy = copies[0]; copy; copy = copies[0]) {
      const ours = await fileCopy(client, copy.messageId, copy.raw, copy.at)
      copies.shift()
      await noteFiling(ours ? 'ours' : 'provider')
    }
  }

  /** The mail is out: a copy that cannot be filed now is filed with the next connection, and the send still counts. */
  const keepCopy = async (copy: Copy) => {
    copies.push(copy)
    const client = sent.connection()
    if (!client) return
    try {
      await within(timing.reply, fileCopies(client))
    } catch (error) {
      context.log.warn({ detail: String(error) }, 'no copy in the Sent folder yet')
    }
  }

  const send = async (outbound: Outbound, hooks: SendHooks): Promise<SendOutcome> => {
    const mail = onlyMail(outbound)
    const { host, port } = settings.smtp
    let password: string | null
    try {
      password = await login.current()
    } catch (error) {
      const body = toErrorBody(error)
      return { kind: 'failed', error: body, retryAfterMs: body.retryable ? minute : null }
    }
    if (password === null) {
      const error = { code: 'NOT_CONNECTED', message: noLoginWords(settings), fault: 'user', retryable: false } as const
      return { kind: 'failed', error, retryAfterMs: null }
    }
    const built = await build(mail, settings)
    if (!isTestMessageId(mail.messageId)) ownSends.add(mail.messageId)
    const access = { server: settings.smtp, oauth: settings.auth?.kind === 'oauth', ca, connect: timing.connect }
    let sending = await sendMail({ ...access, password }, built, hooks)
    // Certainly not sent: the token ran out early. With a new one it may go at once.
    if (isRefusedLogin(sending, settings) && login.refused(password)) {
      const fresh = await login.current().catch(() => null)
      if (fresh !== null) sending = await sendMail({ ...access, password: fresh }, built, hooks)
    }
    switch (sending.kind) {
      case 'accepted':
        await keepCopy({ messageId: mail.messageId, raw: built.raw, at: mail.at })
        return { kind: 'sent', externalId: mail.messageId, revision: sentRevision }
      case 'unknown':
        return { kind: 'unknown', detail: nameProblem(sending.error, { way: 'out', host, port }).detail }
      case 'unsent':
      case 'refused': {
        ownSends.delete(mail.messageId)
        const error = problemToError(nameProblem(sending.error, { way: 'out', host, port }))
        return { kind: 'failed', error, retryAfterMs: error.retryable ? minute : null }
      }
    }
  }

  const find = async (outbound: Outbound): Promise<Lookup> => {
    const mail = onlyMail(outbound)
    if (!sent.connection()) await sent.poke()
    const client = sent.connection()
    if (!client) return { kind: 'unreachable', detail: 'no connection to the Sent folder' }
    try {
      const there = await within(timing.reply, holdsMessage(client, mail.messageId))
      if (there) return { kind: 'sent', externalId: mail.messageId, revision: sentRevision }
      // Where only we file copies, a mail that left and was not yet filed looks like one that never left.
      const filing = await context.cursor(filingScope)
      return filing === 'ours'
        ? { kind: 'cannot-tell', detail: `${settings.smtp.host} files no copies of its own` }
        : { kind: 'not-found' }
    } catch (error) {
      return { kind: 'unreachable', detail: String(error) }
    }
  }

  /** Over a connection of its own: the others must go on to hear of new mail. */
  const getFile = async (asked: FileAsked): Promise<Uint8Array> => {
    const { imap: server, auth } = settings
    const password = await login.current()
    if (password === null) {
      const message = noLoginWords(settings)
      throw new DeskbellError({ code: 'NOT_CONNECTED', message, fault: 'user', retryable: false })
    }
    let client: ImapFlow | null = null
    try {
      client = await connectImap({
        server,
        password,
        oauth: auth?.kind === 'oauth',
        ca,
        timing,
        signal: stopping.signal,
      })
      return await fetchFile(client, asked, capture?.kind === 'folders' ? capture.folders : ['INBOX'])
    } catch (error) {
      if (error instanceof DeskbellError) throw error
      throw new DeskbellError(problemToError(nameProblem(error, { way: 'in', ...server })))
    } finally {
      client?.close()
    }
  }

  return {
    start: async () => {
      paused = (await context.cursor(pauseScope)) === '1'
      await firstTries.keepOnly(wanted)
      for (const watch of watches) watch.start()
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(watches.map((watch) => watch.stop()))
      await report('inbox', { state: 'stopped', message: 'Stopped' })
    },
    poll: async () => {
      await Promise.all(watches.map((watch) => watch.poke()))
    },
    pause: async (wanted) => {
      paused = wanted
      await context.deliver([], [{ scope: pauseScope, value: wanted ? '1' : '0' }])
      if (!wanted) for (const watch of watches) void watch.poke()
    },
    send,
    find,
    fetchFile: getFile,
  }
}

function isRefusedLogin(sending: Sending, { smtp }: EmailSettings): boolean {
  return sending.kind === 'unsent' && nameProblem(sending.error, { way: 'out', ...smtp }).kind === 'auth'
}

const chosen = (path: string): WatchedFolder => {
  const role = folderRole(path)
  return role === 'folder' ? { role, path } : { role: 'inbox' }
}

function onlyMail(outbound: Outbound): OutboundMail {
  if (outbound.kind !== 'email') throw new BugError(`a mailbox cannot send ${outbound.kind}`)
  return outbound
}

function build(mail: OutboundMail, settings: EmailSettings): Promise<BuiltMail> {
  return buildMessage({
    messageId: mail.messageId,
    from: { name: settings.name || null, address: settings.address },
    to: [mail.to],
    subject: mail.subject,
    text: mail.body,
    references: mail.references,
    inReplyTo: mail.inReplyTo,
    attachments: mail.files.map(({ name, contentType, bytes }) => {
      if (bytes === null) throw new BugError(`the file ${name} was not loaded`)
      return { filename: name, mimeType: contentType, content: bytes }
    }),
    at: mail.at,
    unsubscribe: mail.unsubscribe ?? null,
    automatic: mail.automatic ?? false,
  })
}

const severity: readonly AccountState[] = ['stopped', 'auth-failed', 'backing-off', 'connecting', 'ok']

/** One state for the account out of those of its connections: the worst one. */
function stateOf(context: ChannelContext) {
  const states = new Map<string, StateReport>()
  let writing: Promise<void> = Promise.resolve()
  return (part: string, state: StateReport) => {
    states.set(part, state)
    const [worst] = [...states.values()].sort((a, b) => severity.indexOf(a.state) - severity.indexOf(b.state))
    if (!worst) return writing
    // In order, and never in the way of the mail.
    writing = writing
      .then(() => context.report(worst))
      .catch((error: unknown) => context.log.error({ detail: String(error) }, 'state not stored'))
    return writing
  }
}
