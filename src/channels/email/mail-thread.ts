/** Where a worker thread for `mail-reader.ts` begins: reads mails, so that the engine's own thread is free for people. */
import { parentPort } from 'node:worker_threads'
import type { BulkConnection } from './bulk-connection.ts'
import type { FromThread, ToThread } from './mail-reader.ts'
import { type ReadMail, readMails } from './read-mail.ts'

const connections = new Map<number, Promise<BulkConnection>>()

parentPort?.on('message', (order: ToThread) => {
  if ('open' in order) {
    const { open, access } = order
    // A mail client is loaded only where there is a mailbox to empty.
    const opening = import('./bulk-connection.ts').then(({ openBulkConnection }) => openBulkConnection(access))
    connections.set(open, opening)
    void tellOpened(open, opening)
  } else if ('close' in order) {
    void connections.get(order.close)?.then((connection) => connection.close())
    connections.delete(order.close)
  } else void answer(order)
})

async function tellOpened(id: number, opening: Promise<BulkConnection>): Promise<void> {
  try {
    await (await opening).opened
    send({ id, opened: true })
  } catch (error) {
    send({ id, error: messageOf(error) })
  }
}

async function answer(order: Extract<ToThread, { readonly id: number }>): Promise<void> {
  try {
    if ('tasks' in order) {
      const read = await readMails(order.tasks)
      return send({ id: order.id, read }, read.flatMap(buffersOf))
    }
    const connection = await connections.get(order.connection)
    if (!connection) throw new Error('this connection is closed')
    const { mails, bytes } = await connection.load(order.load)
    send({ id: order.id, mails }, [bytes])
  } catch (error) {
    send({ id: order.id, error: messageOf(error) })
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

function send(message: FromThread, handedOver: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, handedOver)
}

/** The bytes of files change hands instead of being copied. */
function buffersOf(mail: ReadMail): ArrayBuffer[] {
  if ('leftOut' in mail || mail.content.kind !== 'email') return []
  const buffers = mail.content.files.map((file) => file.bytes?.buffer)
  return [
    ...new Set(
      buffers.filter((it): it is ArrayBuffer => it instanceof ArrayBuffer && !(it instanceof SharedArrayBuffer)),
    ),
  ]
}

send({ ready: true })
