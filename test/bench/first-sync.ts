import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { ImapFlow } from 'imapflow'
import { mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { engineProcess } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { perSecond, printFigure } from './figures.ts'
import { manyMails } from './many-mails.ts'

const count = Number(process.argv[2] ?? 5000)
const owner = 'office@brightwater.example'

/**
 * The whole way of a first sync (fetch, parse, thread, person, lead, score, owner, clocks, search index) beside a plain
 * download of the same mailbox that throws everything away.
 */
const dovecot = await startDovecot()
const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
const engine = engineProcess(dataDir)
try {
  dovecot.deliverMany(owner, manyMails(count, owner))
  const plain = await plainDownload()
  printFigure(`plain imapflow download of ${count}`, perSecond(count, plain))

  await engine.start()
  const { call } = engine.client()
  await call('team.save', { id: null, name: 'Dana', email: null, mobile: null, onDuty: true })
  const started = performance.now()
  await call('channels.saveEmail', {
    id: null,
    settings: {
      address: owner,
      name: 'Brightwater Kitchens',
      imap: { host: dovecot.host, port: dovecot.directPort(), security: 'none', user: owner },
      smtp: { host: dovecot.host, port: 1, security: 'none', user: owner },
    },
    password: mailPassword,
  })
  await eventually('the first sync', () => stored() >= count, 600_000)
  const took = performance.now() - started
  printFigure(`first sync of ${count}`, perSecond(count, took), `${(took / plain).toFixed(2)} × the plain download`)
} finally {
  await engine.stop()
  await dovecot.close()
  rmSync(dataDir, { recursive: true, force: true })
}

async function plainDownload(): Promise<number> {
  const client = new ImapFlow({
    host: dovecot.host,
    port: dovecot.directPort(),
    secure: false,
    doSTARTTLS: false,
    auth: { user: owner, pass: mailPassword },
    logger: false,
  })
  await client.connect()
  const lock = await client.getMailboxLock('INBOX')
  const started = performance.now()
  let seen = 0
  for await (const message of client.fetch('1:*', { uid: true, source: true })) seen += message.source ? 1 : 0
  const took = performance.now() - started
  lock.release()
  await client.logout()
  if (seen !== count) throw new Error(`the mailbox holds ${seen} messages`)
  return took
}

function stored(): number {
  const database = new BetterSqlite3(join(dataDir, 'deskbell.db'), { readonly: true })
  try {
    return Number(database.prepare("SELECT count(*) FROM interaction WHERE channel = 'email'").pluck().get())
  } finally {
    database.close()
  }
}
