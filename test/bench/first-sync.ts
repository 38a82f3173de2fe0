import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { ImapFlow } from 'imapflow'
import { mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { engineProcess } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { perSecond, printFigure } from './figures.ts'
import { measureInput } from './first-sync-input.ts'
import { runReference } from './first-sync-reference.ts'
import { manyMails } from './many-mails.ts'

const count = Number(process.argv[2] ?? 20_000)
const owner = 'office@brightwater.example'

const arrivals = 5000

/**
 * A first sync (fetch, parse, thread, person, search index: what was there before is history and opens no leads) beside
 * mbsync and notmuch on the same mailbox, and beside a plain download that throws everything away. With the memory of
 * the engine while it runs: it must not grow with the mailbox. Then new mail at once, of which every person becomes a
 * lead with score, owner and clocks. At last the same sync in the real window, with somebody typing in it.
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
  const memory: number[] = []
  const quarters: number[] = []
  await eventually(
    'the first sync',
    async () => {
      await pause(100)
      const done = stored()
      memory.push(residentMegabytes(engine.pid()))
      if (done >= ((quarters.length + 1) * count) / 4) quarters.push(memory.at(-1) ?? 0)
      return done >= count
    },
    600_000,
  )
  const took = performance.now() - started
  printFigure(`first sync of ${count}`, perSecond(count, took), `${(took / plain).toFixed(2)} × the plain download`)
  const peak = `at each quarter: ${quarters.map((it) => it.toFixed(0)).join(', ')} MB`
  printFigure('memory of the engine meanwhile, at most', `${Math.max(...memory).toFixed(0)} MB`, peak)
  await engine.stop()

  const mailbox = { host: dovecot.host, port: dovecot.directPort(), user: owner, password: mailPassword, count }
  const reference = await runReference(mailbox)
  if (reference) {
    const { mbsync, notmuch } = reference
    printFigure(`mbsync of ${count}`, perSecond(count, mbsync))
    printFigure(`notmuch new of ${count}`, perSecond(count, notmuch))
    const ratio = ((mbsync + notmuch) / took).toFixed(2)
    printFigure(
      'mbsync and notmuch together',
      perSecond(count, mbsync + notmuch),
      `we are ${ratio} × as fast; goal 2.5`,
    )
  } else printFigure('mbsync and notmuch', 'not installed', 'apt-get install isync notmuch')

  await engine.start()
  dovecot.deliverMany(owner, manyMails(arrivals, owner, count))
  const arrived = performance.now()
  await eventually('the arrivals', () => stored() >= count + arrivals, 600_000)
  printFigure(`new mail, ${arrivals} at once, each person a lead`, perSecond(arrivals, performance.now() - arrived))
} finally {
  await engine.stop()
  await dovecot.close()
  rmSync(dataDir, { recursive: true, force: true })
}

await measureInput(count)

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

/** Resident memory, from the kernel. */
function residentMegabytes(pid: number | null): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024
}

function stored(): number {
  const database = new BetterSqlite3(join(dataDir, 'deskbell.db'), { readonly: true })
  try {
    return Number(database.prepare("SELECT count(*) FROM interaction WHERE channel = 'email'").pluck().get())
  } finally {
    database.close()
  }
}
