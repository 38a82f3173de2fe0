import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { portFromSettings } from '../../src/channels/forms/port-setting.ts'
import { silentLog } from '../../src/lib/log.ts'
import { DeskbellError } from '../../src/rpc/errors.ts'
import { openStore } from '../../src/store/open.ts'
import { type Dovecot, mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { type EngineProcess, engineProcess, sourceEngine } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { type FaultProxy, startFaultProxy } from '../fakes/faults/fault-proxy.ts'
import { troubleOn } from '../fakes/faults/fault-schedule.ts'
import {
  callsArrive,
  customers,
  disturbLists,
  formsArrive,
  mailOf,
  mailsArrive,
  mark,
  type OutsideWorld,
  type Produced,
  textOf,
  textsArrive,
} from '../fakes/faults/outside-world.ts'
import { printTable } from '../fakes/faults/print-table.ts'
import { type Outcome, readOutcome } from '../fakes/faults/read-outcome.ts'
import { seeded } from '../fakes/faults/seeded.ts'
import { makeWorldTime, type WorldTime } from '../fakes/faults/world-time.ts'
import { freePort } from '../fakes/free-port.ts'
import { inviteOf, type RelayProcess, startRelayProcess } from '../fakes/relay/relay-process.ts'
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'

const isLong = process.env.DESKBELL_FAULTS === 'long'
const times = isLong ? 6 : 1
const counts = {
  mail: 700 * times,
  text: 500 * times,
  call: 150 * times,
  'relay form': 350 * times,
  'local form': 300 * times,
  replies: 40 * times,
}
const arriving = ['mail', 'text', 'call', 'relay form', 'local form'] as const
/** How long the customers are at it, ms of this machine. */
const lasting = 16_000 * times
const kills = 3 * times
const dnsFailures = 3 * times
const speed = 15
const owner = 'office@brightwater.example'
const minute = 60_000
const day = 24 * 60 * minute
/** Far more than it takes: other tests may keep the machine busy. */
const patience = 2 * minute

describe('a network that breaks in every way', () => {
  const seed = Number(process.env.DESKBELL_SEED ?? Date.now() % 1_000_000)
  const random = seeded(seed)
  const folders: string[] = []
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
    folders.push(folder)
    return folder
  }
  const dataDir = newFolder()
  const lists = disturbLists(seeded(seed + 1))
  let time: WorldTime
  let dovecot: Dovecot
  let smtp: FakeSmtp
  let twilio: TwilioDouble
  let relay: RelayProcess
  let relayEnvironment: Record<string, string>
  let engine: EngineProcess
  let proxies: Record<'mail in' | 'mail out' | 'twilio' | 'relay' | 'forms', FaultProxy>
  let outcome: Outcome

  beforeAll(async () => {
    time = makeWorldTime(newFolder(), speed, (3 * times + 1) * day)
    dovecot = await startDovecot()
    smtp = await startSmtp()
    smtp.fileCopies((raw) =>
      dovecot.append(owner, raw, { folder: 'Sent', flags: ['\\Seen'], at: new Date(time.now()) }),
    )
    twilio = await startTwilioDouble({ now: time.now, disturb: lists.disturb })
    const limits = { RELAY_SENDER_BURST: '100000', RELAY_HOOK_BURST: '100000' }
    const relayPort = await freePort()
    const formsPort = await freePort()
    proxies = {
      'mail in': await startFaultProxy(dovecot.directPort),
      'mail out': await startFaultProxy(() => smtp.port),
      twilio: await startFaultProxy(() => Number(new URL(twilio.url).port)),
      relay: await startFaultProxy(() => relayPort),
      forms: await startFaultProxy(() => formsPort),
    }
    relayEnvironment = {
      RELAY_DATA: newFolder(),
      RELAY_PORT: String(relayPort),
      RELAY_PUBLIC_URL: `http://127.0.0.1:${proxies.relay.port}`,
      ...limits,
      ...time.env,
    }
    relay = await startRelayProcess(relayEnvironment)
    const store = openStore(dataDir, silentLog)
    await portFromSettings(store).chosen(formsPort)
    await store.close()
    engine = engineProcess(dataDir, { trust: [smtp.ca], program: sourceEngine, env: time.env })
    await engine.start()
    outcome = readOutcome(dataDir)
  })
  afterAll(async () => {
    outcome?.close()
    await engine?.stop()
    await Promise.all(Object.values(proxies ?? {}).map((proxy) => proxy.close()))
    await Promise.all([dovecot?.close(), smtp?.close(), twilio?.stop(), relay?.stop()])
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  it(
    `loses nothing and doubles nothing (seed ${seed})`,
    async () => {
      const began = Date.now()
      const world = await connectEverything()
      const trouble = troubleOn(
        Object.entries(proxies).map(([name, proxy]) => ({ name, proxy })),
        random,
      )
      const every = (count: number) => lasting / count
      const produced: Record<string, Produced> = {}
      const note = async (channel: string, work: Promise<Produced>) => {
        produced[channel] = await work
      }
      const work = Promise.all([
        note('mail', mailsArrive(world, counts.mail, every(counts.mail))),
        note('text', textsArrive(world, counts.text, every(counts.text))),
        note('call', callsArrive(world, counts.call, every(counts.call))),
        note('relay form', formsArrive(world, 'relay form', counts['relay form'], every(counts['relay form']))),
        note('local form', formsArrive(world, 'local form', counts['local form'], every(counts['local form']))),
        repliesGoOut(every(counts.replies)),
      ])
      await Promise.all([work, calamities()])
      await trouble.stop()
      time.setDns(true)
      const calmed = Date.now()

      await eventually(
        'everything is stored',
        () => {
          const lost = missing()
          if (lost.length > 0) throw new Error(`${lost.length} missing, such as ${lost.slice(0, 9).join(' ')}`)
          return true
        },
        patience * times,
      )
      await eventually('no job is open', () => outcome.openJobs() === 0, patience * times)
      const { call } = engine.client()
      await eventually(
        'every account is well again',
        async () => {
          const { accounts } = await call('channels.list', {})
          const ill = accounts.filter((it) => it.state !== 'ok')
          if (ill.length > 0) throw new Error(ill.map((it) => `${it.label}: ${it.stateMessage}`).join('\n'))
          return true
        },
        patience,
      )
      await engine.stop()
      print(produced, { trouble: calmed - began, quiet: Date.now() - calmed })

      expect(outcome.unsent()).toEqual([])
      expect(missing()).toEqual([])
      expect([...outcome.marks()].filter(([, found]) => found > 1)).toEqual([])
      expect(repliesAtTheServers()).toEqual(range(counts.replies).map((n) => [mark('reply', n), 1]))
      expect(outcome.callEntries()).toBe(counts.call)
      expect(outcome.people()).toBe(5 * customers)
      for (const timeline of outcome.timelines()) expect(timeline).toEqual(inOrder(timeline))
    },
    8 * minute * times,
  )

  async function connectEverything(): Promise<OutsideWorld> {
    const { call } = engine.client()
    await call('settings.savePreferences', { undoSeconds: 5 })
    await call('team.save', { id: null, name: 'Dana', email: null, mobile: null, onDuty: true })
    await call('channels.saveEmail', {
      id: null,
      settings: {
        address: owner,
        name: 'Brightwater Kitchens',
        // By name, so that a name server that is gone is felt.
        imap: { host: 'localhost', port: proxies['mail in'].port, security: 'none', user: owner },
        smtp: { host: 'localhost', port: proxies['mail out'].port, security: 'starttls', user: owner },
      },
      password: mailPassword,
    })
    await call('channels.saveTwilio', {
      id: null,
      settings: {
        accountSid: twilio.accountSid,
        number: twilio.number,
        baseUrl: `http://localhost:${proxies.twilio.port}`,
      },
      authToken: twilio.authToken,
    })
    const form = { source: 'Website', mapping: {} }
    const local = await call('channels.saveForm', { id: null, settings: { name: 'Local', ...form } })
    const distant = await call('channels.saveForm', { id: null, settings: { name: 'Distant', ...form } })
    const { id } = await call('channels.connectRelay', {
      url: `http://localhost:${proxies.relay.port}`,
      invite: inviteOf(relayEnvironment),
    })
    const hook = await call('channels.addRelayHook', { id, hook: { kind: 'form', formId: distant.id } })
    const localUrl = new URL(local.url)
    localUrl.port = String(proxies.forms.port)
    // What comes from now on is news, and that is what this is about.
    await eventually('every account is connected', async () =>
      (await call('channels.list', {})).accounts.every((it) => it.state === 'ok'),
    )
    return {
      time,
      random,
      mailbox: { user: owner, port: dovecot.directPort() },
      twilio,
      formUrls: { 'relay form': () => hook.url, 'local form': () => localUrl.href },
    }
  }

  /** Kills, name servers that are gone and a long sleep, in turns, while the customers are at it. */
  async function calamities() {
    const all = [
      ...range(kills).map(() => kill),
      ...range(dnsFailures).map(() => loseNames),
      ...range(times).map(() => sleepThreeDays),
    ]
    for (const calamity of all.map((it) => ({ it, place: random() })).sort((a, b) => a.place - b.place)) {
      await pause((lasting / all.length) * (0.3 + random() * 0.6))
      await calamity.it()
    }
  }

  async function kill() {
    await engine.kill()
    await engine.start()
  }

  async function loseNames() {
    time.setDns(false)
    // What is connected needs no names.
    for (const proxy of Object.values(proxies)) await proxy.set({ kind: 'cut', afterBytes: 0 })
    await pause(300 + random() * 1200)
    time.setDns(true)
    for (const proxy of Object.values(proxies)) await proxy.set(null)
  }

  async function sleepThreeDays() {
    const pid = engine.pid() ?? 0
    process.kill(pid, 'SIGSTOP')
    await pause(700)
    time.jump(3 * day)
    await pause(700)
    process.kill(pid, 'SIGCONT')
  }

  /** Each at its own time, whatever became of the one before. */
  async function repliesGoOut(every: number) {
    await Promise.all(
      range(counts.replies).map(async (n) => {
        await pause(n * every)
        await reply(n)
      }),
    )
  }

  async function reply(n: number) {
    const byMail = n % 2 === 0
    const personId = await eventually(
      `whom to answer with reply ${n}`,
      () => outcome.personWho(byMail ? mailOf(n) : textOf(n)),
      patience,
    )
    const body = mark('reply', n)
    await eventually(
      `reply ${n} is queued`,
      async () => {
        // A person looks whether it is there before writing again; so the answer may be lost, the job not twice.
        if (outcome.marks().has(body)) return true
        try {
          const { call } = engine.client()
          if (byMail) {
            const mail = { replyTo: null, subject: 'Your request', attachments: [], templateId: null }
            await call('contact.sendMail', { personId, body, ...mail })
          } else await call('contact.sendText', { personId, body, templateId: null })
          return true
        } catch (error) {
          if (error instanceof DeskbellError && error.code === 'ENGINE_GONE') return false
          throw error
        }
      },
      patience,
    )
  }

  const expected = () => [
    ...(['mail', 'text', 'relay form', 'local form'] as const).flatMap((channel) =>
      range(counts[channel]).map((n) => mark(channel, n)),
    ),
    ...range(counts.replies).map((n) => mark('reply', n)),
  ]
  const missingCalls = () => {
    const found = new Set(outcome.calls())
    return twilio.calls
      .all()
      .filter((it) => it.parentSid === null && !found.has(it.sid))
      .map((it) => it.sid)
  }
  const missing = () => {
    const found = outcome.marks()
    return [...expected().filter((it) => !found.has(it)), ...missingCalls()]
  }
  const repliesAtTheServers = () => {
    const bodies = [
      ...smtp.accepted.map((it) => it.raw),
      ...twilio.texts
        .all()
        .filter((it) => it.direction !== 'inbound')
        .map((it) => it.body),
    ]
    return range(counts.replies).map((n) => [
      mark('reply', n),
      bodies.filter((body) => body.includes(mark('reply', n))).length,
    ])
  }

  function print(produced: Record<string, Produced>, took: { readonly trouble: number; readonly quiet: number }) {
    const found = outcome.marks()
    const row = (channel: (typeof arriving)[number]) => {
      const { items, twice } = produced[channel] ?? { items: 0, twice: 0 }
      const again = twice + (channel === 'text' ? lists.counts.messages : channel === 'call' ? lists.counts.calls : 0)
      const marks = range(counts[channel]).map((n) => found.get(mark(channel, n)) ?? 0)
      const lost = channel === 'call' ? missingCalls().length : marks.filter((it) => it === 0).length
      const entries = channel === 'call' ? outcome.callEntries() : marks.reduce((sum, it) => sum + it, 0)
      return { produced: items, 'delivered again': again, found: items - lost, lost, doubled: entries - (items - lost) }
    }
    const replies = repliesAtTheServers().map(([, sent]) => Number(sent))
    const seconds = (ms: number) => (ms / 1000).toFixed(1)
    printTable(
      `network faults, seed ${seed}: ${seconds(took.trouble)} s of trouble, all well ${seconds(took.quiet)} s later`,
      {
        ...Object.fromEntries(arriving.map((channel) => [channel, row(channel)])),
        'replies, at the servers': {
          produced: counts.replies,
          'delivered again': 0,
          found: replies.filter((it) => it > 0).length,
          lost: replies.filter((it) => it === 0).length,
          doubled: replies.filter((it) => it > 1).length,
        },
      },
    )
    printTable(
      `connections hit by each kind of fault; besides, the engine was killed ${kills} times and slept for three days ` +
        `${times} times, names were gone ${dnsFailures} times, ${lists.counts.shuffled} lists of Twilio were shuffled`,
      Object.fromEntries(
        Object.entries(proxies).map(([name, proxy]) => [name, { connections: proxy.accepted(), ...proxy.hits() }]),
      ),
    )
  }

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
})

const range = (length: number) => Array.from({ length }, (_, n) => n)
const numberIn = (text: string) => Number(/\d+/.exec(text)?.[0])
const inOrder = (marks: readonly string[]) => [...marks].sort((a, b) => numberIn(a) - numberIn(b))
