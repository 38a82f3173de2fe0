import type { ImapFlow } from 'imapflow'
import { minute } from '../../lib/durations.ts'
import { DeskbellError, toErrorBody } from '../../rpc/errors.ts'
import type { ChannelContext, StateReport } from '../channel.ts'
import type { EmailSettings } from '../contract.ts'
import type { Login } from '../oauth/login.ts'
import type { CaptureRule } from './capture-rule.ts'
import { connectImap, type ImapAccess, type MailTiming, within } from './connect-imap.ts'
import type { FirstTries } from './first-tried.ts'
import { cursorScope, type FolderRole } from './folder-cursor.ts'
import { noTrouble } from './folder-sync.ts'
import { findAllMail } from './gmail.ts'
import type { Idleness } from './idleness.ts'
import { bulkFrom, makeBulkLoad } from './load-bulk.ts'
import { nameProblem } from './mail-problem.ts'
import type { MailReader } from './mail-reader.ts'
import { findSentFolder } from './sent-folder.ts'
import { syncFolder } from './sync-folder.ts'
import { DeliveryError } from './take-chunk.ts'

/** What a connection is there for; `folder` for one that the user chose. */
export type WatchedFolder = { readonly role: 'inbox' | 'sent' } | { readonly role: 'folder'; readonly path: string }

export type FolderWatch = {
  readonly start: () => void
  /** Resolves when the delivery under way is over and the connection closed. */
  readonly stop: () => Promise<void>
  /** Looks now, also out of a back-off. Resolves when it has looked, or could not. */
  readonly poke: () => Promise<void>
  /** The connection with its folder open; null while there is none. */
  readonly connection: () => ImapFlow | null
}

export type FolderWatchOptions = {
  readonly context: ChannelContext
  readonly settings: EmailSettings
  readonly login: Login
  readonly folder: WatchedFolder
  /** On Gmail: All Mail in place of the INBOX and the Sent folder. */
  readonly whole: boolean
  readonly timing: MailTiming
  readonly ca: string | undefined
  readonly isOwnSend: (messageId: string) => boolean
  readonly firstTries: FirstTries
  readonly onState: (state: StateReport) => void
  /** What may be taken in; asked once per connection, before its folder is opened. */
  readonly rule: (client: ImapFlow) => Promise<CaptureRule>
  readonly mayReadHistory: () => boolean
  /** This folder is read to its end. */
  readonly onRead: () => void
  readonly idleness: Idleness
  readonly reader: MailReader
  /** Before each look: what waits for a connection to this folder. */
  readonly beforeSync?: (client: ImapFlow) => Promise<void>
}

/** What to say when there is nothing to log in with. */
export function noLoginWords({ auth }: EmailSettings): string {
  return auth?.kind === 'oauth'
    ? 'Nobody is signed in to this mailbox. Sign in in the settings.'
    : 'The password of this mailbox is not stored. Enter it again in the settings.'
}

class NoSecret extends Error {}
class NoFolder extends Error {}

/**
 * Keeps one connection on one folder: reads what is new, then waits for the server to announce more. Every end of the
 * connection, announced or silent, leads to a new one.
 */
export function watchFolder(options: FolderWatchOptions): FolderWatch {
  const { context, settings, login, folder, timing, onState } = options
  const trouble = noTrouble()
  const stopped = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let client: ImapFlow | null = null
  let announced = false
  let wake = () => {}
  let looked: (() => void)[] = []
  let failures = 0

  /** Until woken, `ms` passed or the connection closed. @returns whether the time passed */
  const pause = (ms: number, over?: ImapFlow) =>
    new Promise<boolean>((resolve) => {
      const end = (passed: boolean) => {
        cancel()
        over?.off('close', done)
        wake = () => {}
        resolve(passed)
      }
      const cancel = context.clock.after(ms, () => end(true))
      const done = () => end(false)
      wake = done
      over?.once('close', done)
      if (stopped.signal.aborted || looked.length > 0 || (over && (announced || !over.usable))) done()
    })

  const finishLook = () => {
    const waiting = looked
    looked = []
    for (const done of waiting) done()
  }

  /** Which folder to open and what it is to the sync; no role when it is not to be read. */
  const place = async (open: ImapFlow): Promise<{ path: string | null; role: FolderRole | null }> => {
    if (folder.role === 'folder') return folder
    const allMail = options.whole ? await findAllMail(open) : null
    if (folder.role === 'inbox') return allMail ? { path: allMail, role: 'all' } : { path: 'INBOX', role: 'inbox' }
    return { path: await findSentFolder(open), role: allMail ? null : 'sent' }
  }

  const connected = () => {
    failures = 0
    onState({ state: 'ok', message: 'Connected' })
  }

  /** The server announces new mail only to those who ask. */
  const rest = async (open: ImapFlow, took: number) => {
    open.idle().catch(() => {})
    await options.idleness.wait(took, (ms) => pause(ms, open))
  }

  const session = async (open: ImapFlow, access: ImapAccess) => {
    const rule = await options.rule(open)
    const { path, role } = await within(timing.reply, place(open))
    if (path === null) throw new NoFolder()
    // The access as plain data: it goes to a thread.
    const bulk = makeBulkLoad({ client: open, reader: options.reader, access: { ...access, path }, log: context.log })
    // The one folder that is large as a rule: the server opens it for both connections at once. Two for each of many
    // folders would be more than it allows.
    const isLarge = role === 'inbox' || role === 'all'
    if (isLarge && (await context.cursor(cursorScope(role, path))) === null) bulk.prepare()
    const mailbox = await within(timing.reply, open.mailboxOpen(path))
    if (mailbox.exists < bulkFrom) bulk.rest()
    open.on('exists', () => {
      announced = true
      wake()
    })
    client = open
    while (!stopped.signal.aborted) {
      // Also tells a connection that died in silence, for instance while the machine slept.
      await within(timing.reply, open.noop())
      await options.beforeSync?.(open)
      const waiting = looked
      looked = []
      try {
        // On Gmail the Sent folder is open only to look up what we sent.
        if (role !== null)
          await syncFolder({
            context,
            client: open,
            role,
            rule,
            takesAll: (settings.capture?.kind ?? 'everything') === 'everything',
            read: options.reader.read,
            bulk,
            mayReadHistory: options.mayReadHistory,
            caughtUp: connected,
            rest: (took) => rest(open, took),
            own: [settings.address.toLowerCase()],
            isOwnSend: options.isOwnSend,
            stopping: () => stopped.signal.aborted,
            announced: () => {
              const was = announced
              announced = false
              return was
            },
            trouble,
          })
      } catch (error) {
        looked = [...waiting, ...looked]
        throw error
      }
      connected()
      if (options.mayReadHistory()) options.onRead()
      for (const done of waiting) done()
      if (stopped.signal.aborted) return
      // Ends when the next command is sent, or with the connection.
      open.idle().catch(() => {})
      await pause(timing.watchdog, open)
      if (!open.usable && !stopped.signal.aborted)
        throw Object.assign(new Error('the server closed the connection'), { code: 'EConnectionClosed' })
    }
  }

  const run = async () => {
    while (!stopped.signal.aborted) {
      let open: ImapFlow | undefined
      const triedAt = context.clock.now()
      try {
        if (failures === 0) onState({ state: 'connecting', message: 'Connecting' })
        const made = await connect()
        open = made.client
        await session(open, made.access)
      } catch (error) {
        if (!stopped.signal.aborted) await afterFailure(error, triedAt)
      } finally {
        client = null
        open?.close()
      }
    }
    finishLook()
  }

  /** @returns the connection, and what logged it in */
  const connect = async (): Promise<{ client: ImapFlow; access: ImapAccess }> => {
    const password = await login.current()
    if (password === null) throw new NoSecret()
    const access = { server: settings.imap, oauth: settings.auth?.kind === 'oauth', ca: options.ca, timing, password }
    const { signal } = stopped
    try {
      return { client: await connectImap({ ...access, signal }), access }
    } catch (error) {
      const { kind } = nameProblem(error, { way: 'in', ...settings.imap })
      // A token may run out before its time.
      if (kind !== 'auth' || !login.refused(password)) throw error
      const fresh = await login.current()
      if (fresh === null) throw error
      const again = { ...access, password: fresh }
      return { client: await connectImap({ ...again, signal }), access: again }
    }
  }

  const afterFailure = async (error: unknown, triedAt: number) => {
    failures++
    const { delay, state } = judge(error, failures)
    context.log.warn({ folder: folder.role, state: state.state, detail: state.detail, delay }, 'mailbox not read')
    client?.close()
    client = null
    await options.firstTries.note(folder, triedAt)
    onState(state.state === 'ok' ? state : { ...state, nextRetryAt: context.clock.now() + delay })
    finishLook()
    await pause(delay)
  }

  const judge = (error: unknown, count: number): { delay: number; state: StateReport } => {
    const grown = Math.min(timing.backOffMax, timing.backOffMin * 2 ** Math.min(count - 1, 20))
    // Jitter: a hundred clients of a restarted server must not come back in the same second.
    const delay = Math.round(grown * (0.5 + context.random() / 2))
    if (error instanceof NoSecret) {
      return { delay: timing.refused, state: { state: 'auth-failed', message: noLoginWords(settings) } }
    }
    if (error instanceof DeskbellError) {
      const { code, message, detail } = error.body
      const words = { message, ...(detail ? { detail } : {}) }
      return code === 'AUTH_FAILED'
        ? { delay: timing.refused, state: { state: 'auth-failed', ...words } }
        : { delay, state: { state: 'backing-off', ...words } }
    }
    if (error instanceof NoFolder) return { delay: 10 * minute, state: { state: 'ok', message: 'Connected' } }
    if (error instanceof DeliveryError) {
      const { message } = toErrorBody(error.cause)
      return {
        delay,
        state: { state: 'backing-off', message: `New mail cannot be stored. ${message}`, detail: error.message },
      }
    }
    const { host, port } = settings.imap
    const { kind, message, detail } = nameProblem(error, { way: 'in', host, port })
    if (kind === 'auth') return { delay: timing.refused, state: { state: 'auth-failed', message, detail } }
    return { delay, state: { state: 'backing-off', message, detail } }
  }

  return {
    start: () => {
      running = run()
    },
    stop: async () => {
      stopped.abort()
      wake()
      await running
    },
    poke: () =>
      stopped.signal.aborted
        ? Promise.resolve()
        : new Promise((done) => {
            looked.push(done)
            wake()
          }),
    connection: () => client,
  }
}
