import type { Channel, Outbound, SendOutcome } from '../../../src/channels/channel.ts'
import type { Clocks } from '../../../src/contact/clocks.ts'
import { makeContactHandlers } from '../../../src/contact/handlers.ts'
import { makeOutbox, type Outbox } from '../../../src/contact/outbox.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import { minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import type { ErrorBody } from '../../../src/rpc/errors.ts'
import type { Store } from '../../../src/store/store.ts'
import { type FakeClock, makeFakeClock } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'
import { addLead, addPerson, anaMail, anaPhone } from './people.ts'

/** How the provider takes the next thing it is given. */
export type Script =
  | 'takes-it'
  | 'refuses'
  | 'says-opted-out'
  | 'is-busy'
  /** The connection breaks before the point of no return. */
  | 'breaks-early'
  /** It breaks after it, and nothing arrived. */
  | 'breaks-unsent'
  /** It breaks after it, and it did arrive. */
  | 'breaks-sent'
  | 'hangs-early'
  | 'hangs-sent'
  | 'throws'
  /** It takes our own refusal to go on for a failure for good. */
  | 'misreads-us'
  /** It connects for 21 minutes, then for one, and goes on. */
  | 'dawdles'
  | 'dawdles-less'

export type Arrived = { readonly externalId: string; readonly outbound: Outbound }

/** The world on the other end of the line: what arrived there is a fact, whatever we heard of it. */
export type Provider = {
  readonly arrived: Arrived[]
  /** What it does next, first to last; it takes everything after that. */
  readonly script: Script[]
  /** `find` cannot ask while this is set. */
  unreachable: boolean
  /** Called at the moment something arrived, before we hear of it: a poll that is faster. */
  onArrival: (arrived: Arrived) => Promise<void>
  readonly finds: number[]
  readonly hungUp: string[]
}

const problem = (code: ErrorBody['code'], message: string): ErrorBody => ({
  code,
  message,
  fault: 'remote',
  retryable: true,
})

/**
 * Every place where a process can die, be stopped or be overtaken: before and after each transaction, and before and
 * after each exchange with the provider.
 */
export type Gate = { readonly pass: (where: string) => Promise<void>; readonly isDead: () => boolean }
export const openGate: Gate = { pass: async () => {}, isDead: () => false }

/** Never lets anything through from the step on. */
export function deadlyGate(step: number): Gate & { readonly reached: () => boolean } {
  let steps = 0
  let dead = false
  return {
    pass: () => {
      steps += 1
      if (steps >= step) dead = true
      return dead ? new Promise(() => {}) : Promise.resolve()
    },
    isDead: () => dead,
    reached: () => dead,
  }
}

/** Does something once, at one step. */
export function eventGate(step: number, event: () => void): Gate & { readonly reached: () => boolean } {
  let steps = 0
  return {
    pass: async () => {
      steps += 1
      if (steps === step) event()
    },
    isDead: () => false,
    reached: () => steps >= step,
  }
}

function gatedChannel(provider: Provider, gate: Gate, clock: Clock, lateArrival: boolean): Channel {
  const accept = async (outbound: Outbound) => {
    const externalId = outbound.kind === 'email' ? outbound.messageId : `SM${provider.arrived.length + 1}`
    const arrived = { externalId, outbound }
    provider.arrived.push(arrived)
    await provider.onArrival(arrived)
    return externalId
  }
  const send: Channel['send'] = async (outbound, hooks): Promise<SendOutcome> => {
    await gate.pass('send called')
    const script = provider.script.shift() ?? 'takes-it'
    if (script === 'hangs-early') await new Promise(() => {})
    if (script === 'breaks-early')
      return { kind: 'failed', error: problem('UNREACHABLE', 'No network.'), retryAfterMs: 30_000 }
    if (script === 'dawdles' || script === 'dawdles-less') {
      const wait = script === 'dawdles' ? 21 * minute : minute
      await new Promise<void>((resolve) => clock.after(wait, resolve))
    }
    try {
      await hooks.committing()
    } catch (error) {
      if (script !== 'misreads-us') throw error
      return { kind: 'failed', error: problem('INTERNAL', 'Strange.'), retryAfterMs: null }
    }
    await gate.pass('committed')
    if (script === 'refuses') return { kind: 'failed', error: problem('REFUSED', 'Not a number.'), retryAfterMs: null }
    if (script === 'says-opted-out') {
      return { kind: 'failed', error: problem('REFUSED', 'They said STOP.'), retryAfterMs: null, optedOut: true }
    }
    if (script === 'is-busy') return { kind: 'failed', error: problem('RATE_LIMITED', 'Busy.'), retryAfterMs: 60_000 }
    if (script === 'throws') throw new Error('a bug in the channel')
    if (script === 'breaks-unsent') return { kind: 'unknown', detail: 'reset' }
    const externalId = await accept(outbound)
    if (script === 'hangs-sent') await new Promise(() => {})
    await gate.pass('arrived')
    if (script === 'breaks-sent') return { kind: 'unknown', detail: 'reset' }
    return { kind: 'sent', externalId, revision: 'open:sent' }
  }
  return {
    start: async () => {},
    stop: async () => {},
    poll: async () => {},
    send: (outbound, hooks) => {
      if (!lateArrival) return send(outbound, hooks)
      // The request was written before the process died, and arrives although nobody waits for the answer.
      return send(outbound, {
        committing: async () => {
          await hooks.committing()
          await Promise.resolve()
          void gate.pass('request written')
          if (gate.isDead()) clock.after(3000, () => void accept(outbound))
        },
      })
    },
    find: async (outbound, since, isTaken) => {
      await gate.pass('find called')
      provider.finds.push(clock.now() - since)
      if (provider.unreachable) return { kind: 'unreachable', detail: 'no network' }
      for (const { externalId, outbound: other } of provider.arrived) {
        const same =
          outbound.kind === 'email'
            ? other.kind === 'email' && other.messageId === outbound.messageId
            : other.kind === outbound.kind && JSON.stringify(other) === JSON.stringify(outbound)
        if (same && !(await isTaken(externalId))) return { kind: 'sent', externalId, revision: 'open:found' }
      }
      return { kind: 'not-found' }
    },
    hangUp: async (externalId) => void provider.hungUp.push(externalId),
  }
}

/** A store whose process may die around each transaction, never inside one: that is what transactions are for. */
function gatedStore(store: Store, gate: Gate): Store {
  return {
    ...store,
    write: async (work) => {
      await gate.pass('before a transaction')
      const result = await store.write(work)
      await gate.pass('after a transaction')
      return result
    },
  }
}

export type World = {
  readonly store: TestStore
  readonly clock: FakeClock
  readonly provider: Provider
  readonly answered: { readonly leadId: number; readonly interactionId: number; readonly human: boolean }[]
  /** When, for each of these. */
  readonly answeredAt: number[]
  readonly contact: ReturnType<typeof makeContactHandlers>
  readonly ana: number
  readonly lead: number
  readonly mailbox: number
  readonly line: number
  /** Starts an outbox as a process of its own would. */
  readonly start: (gate?: Gate, more?: { readonly lateArrival?: boolean }) => Promise<Outbox>
  readonly job: (id: number) => Promise<JobView>
  /** Accounts whose channel is not running. */
  readonly down: Set<number>
}

export type JobView = {
  readonly state: string
  readonly attempts: number
  readonly notBefore: number
  readonly delivery: string
  readonly problem: string | null
  readonly interactionId: number
}

/** A workspace with a mailbox, a phone line, a member at the phone, and Ana with an open lead. */
export async function makeWorld(): Promise<World> {
  const store = openTestStore()
  const clock = makeFakeClock()
  const mailbox = await store.addAccount('email')
  const line = await store.addAccount('twilio')
  await store.set('me', await store.addMember('Joe Miller', { mobile: '+14155550122' }))
  const ana = await addPerson(store, { email: anaMail, phone: anaPhone })
  const lead = await addLead(store, ana)
  const provider: Provider = {
    arrived: [],
    script: [],
    unreachable: false,
    onArrival: async () => {},
    finds: [],
    hungUp: [],
  }
  const down = new Set<number>()
  const answered: { leadId: number; interactionId: number; human: boolean }[] = []
  const answeredAt: number[] = []
  const nothing = async () => {}
  const clocks: Clocks = {
    opened: nothing,
    owned: nothing,
    retargeted: nothing,
    recalculated: nothing,
    asked: nothing,
    rang: nothing,
    paused: nothing,
    resumed: nothing,
    reached: async () => [],
    closed: nothing,
    answered: async (_tx, leadId, { at, interactionId, human }) => {
      answered.push({ leadId, interactionId, human })
      answeredAt.push(at)
    },
  }
  let current: Outbox | null = null
  let ids = 0

  const channelsOf = (gate: Gate, lateArrival: boolean) => {
    const channel = gatedChannel(provider, gate, clock, lateArrival)
    return { of: (accountId: number) => (down.has(accountId) ? null : channel) }
  }
  const start: World['start'] = async (gate = openGate, { lateArrival = false } = {}) => {
    const mortal: Clock = {
      now: clock.now,
      after: (delay, task) => clock.after(delay, () => (gate.isDead() ? undefined : task())),
    }
    const outbox = makeOutbox({
      store: gatedStore(store, gate),
      clock: mortal,
      log: silentLog,
      channels: channelsOf(gate, lateArrival),
      clocks,
      random: () => 0.5,
    })
    current = outbox
    // A process that dies while it starts never gets any further.
    await Promise.race([outbox.start(), clock.settle().then(clock.settle)])
    return outbox
  }
  const contact = makeContactHandlers({
    links: async () => null,
    askLine: async () => {},
    store,
    clock,
    clocks,
    channels: channelsOf(openGate, false),
    outbox: { nudge: () => current?.nudge() },
    newId: () => `id-${++ids}`,
  })
  const job = async (id: number): Promise<JobView> => {
    const row = await store.read.db
      .selectFrom('job')
      .innerJoin('interaction', 'interaction.id', 'job.interaction_id')
      .select(['job.state', 'job.attempts', 'job.not_before', 'delivery', 'problem', 'job.interaction_id'])
      .where('job.id', '=', id)
      .executeTakeFirstOrThrow()
    const { not_before: notBefore, interaction_id: interactionId, ...rest } = row
    return { ...rest, notBefore, interactionId }
  }
  return { store, clock, provider, answered, answeredAt, contact, ana, lead, mailbox, line, start, job, down }
}

export type Kind = 'email' | 'sms' | 'call'

/** Writes one message to Ana, or dials her. Answers the job. */
export async function write(world: World, kind: Kind, body = 'Tomorrow at three works.'): Promise<number> {
  const { contact, ana } = world
  if (kind === 'email') {
    const mail = { personId: ana, replyTo: null, subject: 'Your kitchen', body, attachments: [], templateId: null }
    return (await contact['contact.sendMail'](mail)).jobId
  }
  if (kind === 'sms') return (await contact['contact.sendText']({ personId: ana, body, templateId: null })).jobId
  const { interactionId } = await contact['contact.dial']({ personId: ana })
  const { id } = await world.store.read.db
    .selectFrom('job')
    .select('id')
    .where('interaction_id', '=', interactionId)
    .executeTakeFirstOrThrow()
  return id
}
