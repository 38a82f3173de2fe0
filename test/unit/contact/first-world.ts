import { onTestFinished } from 'vitest'
import type { Channel, Inbound, Outbound } from '../../../src/channels/channel.ts'
import { makeFirstAnswerHandlers } from '../../../src/contact/first-answer/handlers.ts'
import { makeContactHandlers } from '../../../src/contact/handlers.ts'
import { makeOutbox } from '../../../src/contact/outbox.ts'
import { makeTasksHandlers } from '../../../src/contact/tasks/handlers.ts'
import { makeTaskTimer } from '../../../src/contact/tasks/task-timer.ts'
import { changeLeads } from '../../../src/inbox/change-leads.ts'
import { makeInboxHandlers } from '../../../src/inbox/handlers.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { refuseMistake } from '../../../src/nurture/templates.ts'
import { makePeopleHandlers } from '../../../src/people/handlers.ts'
import { connect } from '../../../src/rpc/connect.ts'
import type { MethodInput, MethodName, MethodOutput } from '../../../src/rpc/contract.ts'
import { serve } from '../../../src/rpc/serve.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { wireStages } from '../../../src/stages.ts'
import { makeFakeClock } from '../../fakes/fake-clock.ts'
import { transportPair } from '../../fakes/in-process.ts'
import { openTestStore } from '../../fakes/test-store.ts'

/** All stages, an outbox whose provider takes everything, and Dana on duty: what happens by itself when somebody comes. */
export async function openFirstWorld() {
  const store = openTestStore()
  const clock = makeFakeClock()
  const mailAccount = await store.addAccount('email')
  const phoneAccount = await store.addAccount('twilio')
  const formAccount = await store.addAccount('form')
  const dana = await store.addMember('Dana')
  await store.set('business', { ...defaultSettings.business, name: 'Bright Kitchens', alwaysOpen: true })
  await store.set('me', dana)
  const stages = wireStages({ store, clock, log: silentLog, random: () => 0.5 })
  const arrived: Outbound[] = []
  let ids = 0
  const channel: Channel = {
    start: async () => {},
    stop: async () => {},
    poll: async () => {},
    find: async () => ({ kind: 'not-found' }),
    send: async (outbound, hooks) => {
      await hooks.committing()
      arrived.push(outbound)
      const externalId = outbound.kind === 'email' ? outbound.messageId : `SM-out-${arrived.length}`
      return { kind: 'sent', externalId, revision: 'sent' }
    },
  }
  const channels = { of: () => channel }
  const outbox = makeOutbox({ store, clock, log: silentLog, channels, clocks: stages.clocks, random: () => 0.5 })
  const taskTimer = makeTaskTimer({ ...stages, store, clock, log: silentLog })
  store.onCommit((told) => {
    const tables = told.flatMap((it) => (it.name === 'store.changed' ? it.payload.tables : []))
    if (tables.includes('job')) outbox.nudge()
    if (tables.includes('lead')) taskTimer.nudge()
  })
  await outbox.start()
  await taskTimer.start()
  const [ours, theirs] = transportPair()
  const server = serve({
    log: silentLog,
    checkOutput: true,
    handlers: {
      ...makeInboxHandlers({ store, clock, clocks: stages.clocks }),
      ...makePeopleHandlers({ store, clock, channels, stages: { ...stages.enrich, ...stages }, changeLeads }),
      ...makeContactHandlers({
        ...stages,
        store,
        clock,
        channels,
        outbox,
        links: async () => null,
        newId: () => `id-${++ids}`,
      }),
      ...makeTasksHandlers({ store, clock }),
      ...makeFirstAnswerHandlers({ ...stages, store, clock, refuseMistake }),
    } as unknown as Parameters<typeof serve>[0]['handlers'],
  })
  server.attach(theirs)
  const client = connect(ours)
  onTestFinished(async () => {
    await taskTimer.stop()
    await outbox.stop()
    await store.close()
  })
  const call = <M extends MethodName>(method: M, input: MethodInput<M>): Promise<MethodOutput<M>> =>
    client.call(method, input)
  return {
    store,
    clock,
    stages,
    dana,
    phoneAccount,
    /** What the providers got. */
    arrived,
    call,
    /** Delivers on the account of the first item's kind, now. */
    comes: async (...items: Inbound[]) => {
      const kind = items[0]?.content.kind
      const account = kind === 'email' ? mailAccount : kind === 'form' ? formAccount : phoneAccount
      await stages.ingest(
        account,
        items.map((it) => ({ ...it, at: it.history || it.at !== clock.now() ? it.at : clock.now() })),
        [],
      )
      await clock.settle()
    },
    tasks: async (personId = 1) => (await call('tasks.ofPerson', { personId })).tasks,
    lead: (leadId = 1) =>
      store.read.db.selectFrom('lead').selectAll().where('id', '=', leadId).executeTakeFirstOrThrow(),
    told: async (type: string) =>
      (
        await store.read.db
          .selectFrom('event')
          .select('text')
          .where('type', '=', type)
          .where('undone_at', 'is', null)
          .orderBy('id')
          .execute()
      ).map((it) => it.text),
  }
}
