import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { makeClocks } from '../../src/contact/clocks.ts'
import { makeInboxHandlers } from '../../src/inbox/handlers.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { databaseFile, openStore } from '../../src/store/open.ts'
import { mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { engineProcess, sourceEngine } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { ms, percentile, printFigure } from './figures.ts'
import { runReference } from './first-sync-reference.ts'
import { manyMails } from './many-mails.ts'

const count = Number(process.argv[2] ?? 20_000)
const owner = 'office@brightwater.example'
const rounds = 20
const limit = 20
// Of 20,000 mails beside other work on the machine.
const longestSync = 1_800_000

/** As somebody types them here and there: a word that is in every mail, one that few have, a phrase, a name, an address. */
const queries = [
  { ours: 'kitchen', theirs: 'kitchen' },
  { ours: 'leak sink', theirs: 'leak and sink' },
  { ours: '"leak under the sink"', theirs: '"leak under the sink"' },
  { ours: '"request 77"', theirs: '"request 77"' },
  { ours: 'customer77@home77.example', theirs: 'from:customer77@home77.example' },
  { ours: 'kitchen -granite', theirs: 'kitchen and not granite' },
]

const libnotmuch = `
import json, sys, time, notmuch2
database = notmuch2.Database(sys.argv[1])
answers = []
for text in json.loads(sys.argv[2]):
    took = []
    for round in range(-2, ${rounds}):
        begun = time.perf_counter()
        hits = []
        for message in database.messages(text, sort=database.SORT.NEWEST_FIRST):
            hits.append((message.date, message.header('from'), message.header('subject')))
            if len(hits) == ${limit}: break
        if round >= 0: took.append((time.perf_counter() - begun) * 1000)
    answers.append(took)
print(json.dumps(answers))
`

/**
 * Search over the same mailbox, ours and notmuch's (Xapian), both warm, one query after another in turn. Twice, since
 * neither way alone is fair: as people use them (a call to our running engine beside a notmuch process for each search,
 * which starts, opens and ends), and without processes (our handler and libnotmuch, each in a program that keeps its
 * database open and reads date, sender and subject of twenty hits; ours cuts out and marks a piece of the text, too).
 */
const dovecot = await startDovecot()
const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
// Unbuilt: an old build would answer with an old search.
const engine = engineProcess(dataDir, { program: sourceEngine })
try {
  dovecot.deliverMany(owner, manyMails(count, owner))
  await engine.start()
  const { call } = engine.client()
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
  const begun = performance.now()
  await eventually('the first sync', async () => stored() >= count, longestSync)
  printFigure(`${count} mails are here`, `${((performance.now() - begun) / 1000).toFixed(0)} s`)
  const mailbox = { host: dovecot.host, port: dovecot.directPort(), user: owner, password: mailPassword, count }
  const compared = await runReference(mailbox, async (config) => {
    await asUsed(call, config)
    await engine.stop()
    await withoutProcesses(config)
  })
  if (!compared) printFigure('notmuch', 'not installed', 'apt-get install isync notmuch')
} finally {
  await engine.stop()
  await dovecot.close()
  rmSync(dataDir, { recursive: true, force: true })
}

async function asUsed(call: ReturnType<typeof engine.client>['call'], config: string): Promise<void> {
  const env = { ...process.env, NOTMUCH_CONFIG: config }
  const search = (text: string) => {
    const { status, stdout } = spawnSync('notmuch', ['search', `--limit=${limit}`, text], { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`notmuch search ended with ${status}`)
    return stdout.split('\n').length - 1
  }
  const all: { readonly ours: number[]; readonly theirs: number[] } = { ours: [], theirs: [] }
  for (const { ours, theirs } of queries) {
    const took: typeof all = { ours: [], theirs: [] }
    let hits = 0
    let found = 0
    for (let round = -2; round < rounds; round++) {
      const begun = performance.now()
      hits = (await call('inbox.search', { text: ours, limit })).hits.length
      const between = performance.now()
      found = search(theirs)
      if (round < 0) continue
      took.ours.push(between - begun)
      took.theirs.push(performance.now() - between)
    }
    if (hits === 0 || found === 0) printFigure(`${ours}: not comparable`, `${hits} hits`, `notmuch ${found}`)
    print(`${ours}: call, beside a process`, took)
    all.ours.push(...took.ours)
    all.theirs.push(...took.theirs)
  }
  print('all of them', all)
  const idle = Array.from({ length: rounds }, () => {
    const begun = performance.now()
    spawnSync('notmuch', ['--version'], { env })
    return performance.now() - begun
  })
  printFigure('notmuch --version, for the process alone', `p95 ${ms(percentile(idle, 0.95))}`)
}

async function withoutProcesses(config: string): Promise<void> {
  const path = join(config, '..', 'mail')
  const script = spawnSync(
    '/usr/bin/python3',
    ['-c', libnotmuch, path, JSON.stringify(queries.map((it) => it.theirs))],
    {
      env: { ...process.env, NOTMUCH_CONFIG: config },
      encoding: 'utf8',
    },
  )
  if (script.status !== 0) {
    printFigure(
      'libnotmuch',
      'not there',
      `apt-get install python3-notmuch2 (${script.stderr.trim().split('\n').at(-1)})`,
    )
    return
  }
  const theirs = JSON.parse(script.stdout) as number[][]
  const store = openStore(dataDir, silentLog)
  const inbox = makeInboxHandlers({ store, clock: systemClock, clocks: makeClocks({ clock: systemClock }) })
  const all: number[] = []
  for (const [at, { ours }] of queries.entries()) {
    const took: number[] = []
    for (let round = -2; round < rounds; round++) {
      const begun = performance.now()
      await inbox['inbox.search']({ text: ours, limit })
      if (round >= 0) took.push(performance.now() - begun)
    }
    print(`${ours}: handler, beside libnotmuch`, { ours: took, theirs: theirs[at] ?? [] })
    all.push(...took)
  }
  print('all of them', { ours: all, theirs: theirs.flat() })
  await store.close()
}

function print(name: string, { ours, theirs }: { readonly ours: number[]; readonly theirs: number[] }): void {
  const [us, them] = [percentile(ours, 0.95), percentile(theirs, 0.95)]
  const half = `p50 ${ms(percentile(ours, 0.5))} beside ${ms(percentile(theirs, 0.5))}`
  printFigure(name, `p95 ${ms(us)}`, `notmuch p95 ${ms(them)}: we are ${(them / us).toFixed(2)} × as fast; ${half}`)
}

function stored(): number {
  const database = new BetterSqlite3(join(dataDir, databaseFile), { readonly: true })
  try {
    // Asked all the time: counting them would take longer than bringing them here.
    return Number(database.prepare('SELECT max(id) FROM interaction').pluck().get())
  } finally {
    database.close()
  }
}
