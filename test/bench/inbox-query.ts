import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeAnalyzeHandlers } from '../../src/analyze/handlers.ts'
import { makeClocks } from '../../src/contact/clocks.ts'
import { makeInboxHandlers } from '../../src/inbox/handlers.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { type Client, connect } from '../../src/rpc/connect.ts'
import { type Handlers, serve } from '../../src/rpc/serve.ts'
import { openStore } from '../../src/store/open.ts'
import { makeReadCalendars } from '../../src/store/queries/calendars.ts'
import { transportPair } from '../fakes/in-process.ts'
import { fillWorkspace } from './big-workspace.ts'
import { ms, percentile, printFigure } from './figures.ts'

/**
 * What the window asks for most, over the contract and in the engine's own process, at two sizes of workspace in turn,
 * so that whatever else this machine does meanwhile slows down both: every list, a later page, lists that people keep,
 * the counts of the rail, searches; and a quarter's report with how long it holds up everybody else. Ratios are of
 * processor time, which other work on the machine moves less.
 */
const [small, big] = [10_000, Number(process.argv[2] ?? 200_000)]
const goalMs = 16
const goalRatio = 1.3
const rounds = 200

const savedViews = [
  { name: 'Hot and mine', query: 'tier:hot is:mine', sort: 'due' },
  { name: 'Worth most', query: 'score:>60', sort: 'score' },
  { name: 'New by mail', query: 'stage:new channel:email', sort: 'newest' },
  { name: 'Best fit', query: 'is:mine', sort: 'fit' },
  { name: 'Kitchens', query: 'kitchen', sort: 'due' },
  { name: 'VIP', query: 'label:vip', sort: 'newest' },
  { name: 'Lost', query: 'outcome:lost closed:"last 60 days"', sort: 'newest' },
] as const

const asked: readonly (readonly [name: string, work: (client: Client) => Promise<unknown>])[] = [
  ...(
    ['inbox', 'hot', 'due', 'waiting', 'mine', 'unassigned', 'calls', 'snoozed', 'done', 'all', 'mentions'] as const
  ).map((view) => [`list ${view}`, (client: Client) => listOf(client, view)] as const),
  ['list inbox, second page', async (client) => listOf(client, 'inbox', (await listOf(client, 'inbox')).next)],
  ...savedViews.map(
    ({ query, sort }, at) =>
      [`list saved ${query}, by ${sort}`, (client: Client) => listOf(client, `saved:${at + 1}`)] as const,
  ),
  ['counts of the rail', (client) => client.call('inbox.counts', {})],
  ['counts of saved views', (client) => client.call('inbox.viewCounts', {})],
  ['most urgent', (client) => client.call('inbox.urgent', {})],
  ...['kitchen', 'granite plumber', '"leak under the sink"', 'Lopez', 'ana lop', 'customer77@home77.example'].map(
    (text) => [`search ${text}`, (client: Client) => client.call('inbox.search', { text, limit: 20 })] as const,
  ),
]

const workspaces = [await open(small), await open(big)] as const
try {
  for (const [name, work] of asked) {
    const took: [number[], number[]] = [[], []]
    const worked: [number[], number[]] = [[], []]
    for (let round = -10; round < rounds; round++) {
      for (const at of [0, 1] as const) {
        const [started, before] = [performance.now(), process.cpuUsage()]
        await work(workspaces[at].client)
        const { user, system } = process.cpuUsage(before)
        if (round < 0) continue
        took[at].push(performance.now() - started)
        worked[at].push((user + system) / 1000)
      }
    }
    const [few, many] = worked
    const ratio = percentile(many, 0.5) / percentile(few, 0.5)
    const p95 = percentile(took[1], 0.95)
    const missed = [p95 > goalMs ? `p95 over ${goalMs} ms` : '', ratio > goalRatio ? `over ${goalRatio} ×` : '']
    printFigure(
      name,
      `p95 ${ms(p95)}`,
      `processor p95 ${ms(percentile(many, 0.95))}, p50 ${ms(percentile(many, 0.5))} at ${big}, ${ms(percentile(few, 0.5))} at ${small}: ${ratio.toFixed(2)} × ${missed.filter(Boolean).join(', ')}`,
    )
  }
  await measureReport(workspaces[1].client)
} finally {
  for (const it of workspaces) await it.close()
}

/** How long a quarter takes to count, and the longest time in which the engine answered nobody. */
async function measureReport(client: Client): Promise<void> {
  for (let round = 0; round < 3; round++) {
    let over = false
    let longest = 0
    const watch = async () => {
      while (!over) {
        const asked = performance.now()
        await new Promise<void>((resolve) => setImmediate(resolve))
        longest = Math.max(longest, performance.now() - asked)
      }
    }
    const watching = watch()
    const started = performance.now()
    await client.call('analyze.compliance', { weeks: 13, kind: 'first_contact', basis: 'decided' })
    const took = performance.now() - started
    over = true
    await watching
    printFigure(`report of a quarter, ${big} leads`, ms(took), `holds up others ${ms(longest)} at most`)
  }
}

function listOf(client: Client, view: Parameters<typeof viewInput>[0], after: Parameters<typeof viewInput>[1] = null) {
  return client.call('inbox.list', viewInput(view, after))
}

function viewInput(
  view: Parameters<Handlers['inbox.list']>[0]['view'],
  after: Parameters<Handlers['inbox.list']>[0]['after'],
) {
  return { view, after, limit: 50 }
}

async function open(people: number) {
  const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
  const started = performance.now()
  await fillWorkspace(dataDir, people)
  printFigure(`a workspace of ${people} people`, `${((performance.now() - started) / 1000).toFixed(0)} s`, 'filled')
  const store = openStore(dataDir, silentLog)
  const clock = systemClock
  const readCalendars = makeReadCalendars()
  const inbox = makeInboxHandlers({ store, clock, clocks: makeClocks({ clock, readCalendars }) })
  // Only what is measured is asked.
  const handlers = {
    ...inbox,
    ...makeAnalyzeHandlers({ store, clock, readCalendars }),
  } as Partial<Handlers> as Handlers
  const server = serve({ handlers, log: silentLog, checkOutput: false })
  const [serverEnd, clientEnd] = transportPair()
  server.attach(serverEnd)
  const client = connect(clientEnd)
  for (const view of savedViews) await client.call('inbox.saveView', { id: null, icon: 'list', ...view })
  const close = async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { client, close }
}
