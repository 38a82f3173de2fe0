/** Where a worker thread for `mail-reader.ts` begins: reads mails, so that the engine's own thread is free for people. */
import { parentPort } from 'node:worker_threads'
import type { FromThread, ToThread } from './mail-reader.ts'
import { type ReadMail, readMails } from './read-mail.ts'

parentPort?.on('message', async ({ id, tasks }: ToThread) => {
  let answer: FromThread
  try {
    answer = { id, read: await readMails(tasks) }
  } catch (error) {
    answer = { id, error: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(answer, 'read' in answer ? answer.read.flatMap(buffersOf) : [])
})

parentPort?.postMessage({ ready: true } satisfies FromThread)

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
