import { Worker } from 'node:worker_threads'
import type { Clock } from '../../lib/clock.ts'
import { second } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import type { BulkAccess, BulkOrder } from './bulk-connection.ts'
import type { LoadedMail } from './load-mails.ts'
import { type MailTask, type ReadMail, readMails } from './read-mail.ts'

/** Reads mails, many at once in a thread of its own. Shared by all mailboxes. */
export type MailReader = {
  /** Answers in the order of the tasks. */
  readonly read: (tasks: readonly MailTask[]) => Promise<readonly ReadMail[]>
  /**
   * Loads very many mails in the thread that reads them, over a connection of its own that is made at once.
   * @returns null when there is no thread
   */
  readonly bulk: (access: BulkAccess) => BulkLoader | null
  /** Ends the thread. What is still asked for is read without it. */
  readonly close: () => Promise<void>
}

export type BulkLoader = {
  /** False while the connection is being made: what is asked for then would wait for it. */
  readonly isSettled: () => boolean
  /** Rejects when the mails could not be loaded in this way, for whatever reason. */
  readonly load: (order: BulkOrder) => Promise<readonly LoadedMail[]>
  /** What is being loaded rejects. */
  readonly close: () => void
}

export type ToThread =
  | { readonly id: number; readonly tasks: readonly MailTask[] }
  | { readonly id: number; readonly connection: number; readonly load: BulkOrder }
  | { readonly open: number; readonly access: BulkAccess }
  | { readonly close: number }
export type FromThread =
  | { readonly ready: true }
  | { readonly id: number; readonly read: readonly ReadMail[] }
  | { readonly id: number; readonly mails: readonly LoadedMail[] }
  | { readonly id: number; readonly opened: true }
  | { readonly id: number; readonly error: string }

/** Without a thread: for tests, and where none can be started. */
export const plainReader: MailReader = { read: readMails, bulk: () => null, close: async () => {} }

// A new mail or two are read sooner than they are sent to another thread and back.
const worthwhile = 8
// The thread keeps some 30 MB; after a first synchronisation nobody needs it for days.
const idleFor = 30 * second
// A thread that dies each time is no help.
const patience = 3
// Mails make short-lived garbage: a larger nursery is collected less often.
const limits = { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 512 }

type Answer = Exclude<FromThread, { readonly ready: true }>
type Waiting = { readonly done: (answer: Answer) => void; readonly failed: (error: Error) => void }
type Unnumbered = { readonly tasks: readonly MailTask[] } | { readonly connection: number; readonly load: BulkOrder }
type Thread = { readonly worker: Worker; readonly waiting: Map<number, Waiting>; ready: boolean }

/** @param script the built `mail-thread.ts` */
export function makeMailReader(script: URL, { clock, log }: { readonly clock: Clock; readonly log: Log }): MailReader {
  let thread: Thread | null = null
  let failures = 0
  let last = 0
  let closed = false
  let stopResting = () => {}

  const start = (): Thread => {
    const worker = new Worker(script, { name: 'mail', resourceLimits: limits })
    const started: Thread = { worker, waiting: new Map(), ready: false }
    const gone = (error: Error) => {
      if (thread === started) {
        thread = null
        failures += 1
        log.warn({ detail: error.message }, 'mail is read without a thread of its own')
      }
      for (const { failed } of started.waiting.values()) failed(error)
      started.waiting.clear()
    }
    worker.on('message', (answer: FromThread) => {
      if ('ready' in answer) {
        started.ready = true
        return
      }
      const asked = started.waiting.get(answer.id)
      started.waiting.delete(answer.id)
      if ('error' in answer) asked?.failed(new Error(answer.error))
      else {
        failures = 0
        asked?.done(answer)
      }
    })
    worker.on('error', gone)
    worker.on('exit', (code) => gone(new Error(`the thread that reads mail ended with ${code}`)))
    // Nothing waits for it: whoever does, holds a connection.
    worker.unref()
    return started
  }

  const ask = ({ worker, waiting }: Thread, order: Unnumbered): Promise<Answer> => {
    const id = ++last
    const answer = new Promise<Answer>((done, failed) => waiting.set(id, { done, failed }))
    worker.postMessage({ id, ...order } satisfies ToThread)
    return answer
  }

  const endThread = async () => {
    const ending = thread
    thread = null
    await ending?.worker.terminate()
  }

  const rest = () => {
    stopResting()
    stopResting = clock.after(idleFor, () => void (thread && thread.waiting.size === 0 ? endThread() : null))
  }

  const openBulk = (by: Thread, access: BulkAccess): BulkLoader => {
    const connection = ++last
    // Not one promise that all of them race with: it would hold on to every mail until the connection ends.
    const loading = new Set<(error: Error) => void>()
    let over = false
    let settled = false
    const opened = () => {
      settled = true
      if (!closed) rest()
    }
    // Why it could not be opened is what the first load says.
    by.waiting.set(connection, { done: opened, failed: opened })
    by.worker.postMessage({ open: connection, access } satisfies ToThread)
    return {
      isSettled: () => settled,
      load: async (order) => {
        if (thread !== by || over) throw closedError()
        const { promise, resolve, reject } = Promise.withResolvers<readonly LoadedMail[]>()
        loading.add(reject)
        ask(by, { connection, load: order }).then((answer) => resolve('mails' in answer ? answer.mails : []), reject)
        try {
          return await promise
        } finally {
          loading.delete(reject)
          if (!closed) rest()
        }
      },
      close: () => {
        over = true
        for (const reject of loading) reject(closedError())
        by.worker.postMessage({ close: connection } satisfies ToThread)
      },
    }
  }

  return {
    read: async (tasks) => {
      if (closed || tasks.length < worthwhile || failures >= patience) return readMails(tasks)
      thread ??= start()
      rest()
      // It takes a moment to start, and new mail waits for nothing.
      if (!thread.ready) return readMails(tasks)
      try {
        const answer = await ask(thread, { tasks })
        return 'read' in answer ? answer.read : await readMails(tasks)
      } catch {
        return readMails(tasks)
      } finally {
        if (!closed) rest()
      }
    },
    bulk: (access) => {
      if (closed || failures >= patience) return null
      thread ??= start()
      rest()
      return openBulk(thread, access)
    },
    close: async () => {
      closed = true
      stopResting()
      await endThread()
    },
  }
}

const closedError = () => new Error('this connection is closed')
