import { randomBytes, randomUUID } from 'node:crypto'
import { makeAnalyzeHandlers } from './analyze/handlers.ts'
import { readOwn } from './capture/batch.ts'
import { makeCaptureHandlers } from './capture/handlers.ts'
import { dropAbandoned } from './capture/import/drop-abandoned.ts'
import { makeImports } from './capture/import/imports.ts'
import { readAccount } from './channels/accounts.ts'
import { makeChatDesk } from './channels/chat/chat-desk.ts'
import { makeMailReader, plainReader } from './channels/email/mail-reader.ts'
import { testEmailAccount } from './channels/email/test-account.ts'
import { formLimits } from './channels/forms/limits.ts'
import { makeFormsListener } from './channels/forms/listener.ts'
import { portFromSettings } from './channels/forms/port-setting.ts'
import { makeChannelsHandlers } from './channels/handlers.ts'
import { makeSilenceWatch } from './channels/health/silence-watch.ts'
import { makeChannelMakers } from './channels/makers.ts'
import { type Channels, makeChannels } from './channels/registry.ts'
import { makeFarewells } from './channels/relay/farewells.ts'
import { unsubscribeLinks } from './channels/relay/unsubscribe-links.ts'
import { makeSelfTests } from './channels/self-test/self-tests.ts'
import { makeSightings } from './channels/self-test/sightings.ts'
import { listTwilioNumbers, testTwilio } from './channels/twilio/test-connection.ts'
import { makeFirstAnswerHandlers } from './contact/first-answer/handlers.ts'
import { makeContactHandlers } from './contact/handlers.ts'
import { makeLadder } from './contact/ladder.ts'
import { makeMemberTexts } from './contact/member-texts.ts'
import { makeMentionWatch } from './contact/mention-watch.ts'
import { optOutEmail } from './contact/opt-out.ts'
import { makeOutbox, type Outbox } from './contact/outbox.ts'
import { makeQueueTemplated } from './contact/queue-templated.ts'
import { makeSlaTimer } from './contact/sla-timer.ts'
import type { ContactDeps } from './contact/surroundings.ts'
import { makeTasksHandlers } from './contact/tasks/handlers.ts'
import { makeTaskTimer } from './contact/tasks/task-timer.ts'
import { makeConvertHandlers } from './convert/handlers.ts'
import { makeOutcomeRules } from './convert/outcome-rules.ts'
import { makeEnrichHandlers } from './enrich/handlers.ts'
import { makeLookups } from './enrich/lookups.ts'
import { makeReadBack } from './enrich/read-back.ts'
import { makeCardReader } from './enrich/read-card.ts'
import { changeLeads, hasOtherOpenLead, noOutcome, thawClocks, undoChange } from './inbox/change-leads.ts'
import { makeInboxHandlers } from './inbox/handlers.ts'
import type { Clock } from './lib/clock.ts'
import { accountSecret, type Host } from './lib/host.ts'
import type { Log } from './lib/log.ts'
import { makeNurtureHandlers } from './nurture/handlers.ts'
import { refuseMistake, seedTemplates } from './nurture/templates.ts'
import { findOrMakePerson } from './people/add-person.ts'
import { claimHandle } from './people/claim-handle.ts'
import { makePeopleHandlers } from './people/handlers.ts'
import { settlePerson } from './people/merge-people.ts'
import { makeDutyTimer } from './route/duty-timer.ts'
import { makeRouteHandlers } from './route/handlers.ts'
import type { EventMessage, Transport } from './rpc/connect.ts'
import { serve } from './rpc/serve.ts'
import { seedSample } from './sample/seed.ts'
import { makeCoolDown } from './score/cool-down.ts'
import { makeScoreHandlers } from './score/handlers.ts'
import { makeForesee } from './score/learn/foresee.ts'
import { makeLearnHandlers } from './score/learn/handlers.ts'
import { makeLearner } from './score/learn/learner.ts'
import { trainInWorker, trainWorkerUrl } from './score/predict/train-in-worker.ts'
import { rescoreByChance } from './score/rescore-all.ts'
import { type EncoderFiles, makeEncoder } from './score/text/encoder.ts'
import { makeTextModelHandlers } from './score/text/handlers.ts'
import { makeInsights } from './score/text/insights.ts'
import { modelVersion, shippedClassifier } from './score/text/shipped-classifier.ts'
import { makeBackupHandlers } from './settings/backup-handlers.ts'
import { makeCalendarFeeds } from './settings/calendar-feeds.ts'
import { makeSettingsHandlers, recalculateDeadlines } from './settings/handlers.ts'
import { wireStages } from './stages.ts'
import { openStore, restoreBeforeOpening } from './store/open.ts'
import { settleBlobs } from './store/settle-blobs.ts'
import type { Store, WriteStore } from './store/store.ts'

export type EngineOptions = {
  /** Folder of the workspace; made when it is not there. */
  readonly dataDir: string
  /** A backup to be put in place before anything is opened, because what is there cannot be opened. */
  readonly restoreFrom: string | null
  readonly host: Host
  readonly clock: Clock
  readonly log: Log
  /** 0 ≤ x < 1 */
  readonly random: () => number
  /** Fill an empty workspace with the sample business. */
  readonly sample: 'brightwater' | 'ugly' | null
  readonly checkOutput: boolean
  /** The script of the thread that reads mail (channels/email/mail-thread.ts), built; without it the engine's own does. */
  readonly mailThread?: URL | null
  /** The text model; without it, messages are scored by the rules alone. */
  readonly textModel?: EncoderFiles | null
  /** Asks to be stopped in order and started again on what the folder holds now: after a restore. Returns at once. */
  readonly restart: () => void
  readonly tuning: EngineTuning
}

/** What tests and benchmarks set otherwise than the product does. */
export type EngineTuning = {
  /** How long a message of unknown outcome rests before it is looked up, ms. */
  readonly reconcileAfterMs?: number
  /** Where to begin to look for a port for forms: engines of tests that run at once must not take each other's. */
  readonly firstFormsPort?: number
}

export type Engine = {
  /** Answers one more client. */
  readonly attach: (transport: Transport) => void
  /** Refuses new calls, finishes what runs, closes every connection and the database. */
  readonly stop: () => Promise<void>
}

/**
 * The composition root: with `stages.ts` the only place that sees all areas. Areas get what they need as arguments and
 * know of each other only by type (docs/adr/0004).
 * @throws DeskbellError when the workspace cannot be opened, or the backup is no good
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { clock, log, random, host } = options
  if (options.restoreFrom !== null) await restoreBeforeOpening(options.dataDir, options.restoreFrom, clock.now())
  const store = openStore(options.dataDir, log)
  try {
    await seedWorkspace(store, options)
  } catch (error) {
    await store.close()
    throw error
  }
  const stages = wireStages({ store, clock, log, random })
  const forms = makeFormsListener({
    clock,
    log,
    limits: formLimits,
    ports: portFromSettings(store, options.tuning.firstFormsPort),
  })
  const settling = settleBlobs({ blobs: store.blobs, clock, log })
  const mailReader = options.mailThread ? makeMailReader(options.mailThread, { clock, log }) : plainReader
  // Calendars are kept for each transaction; whoever reads outside of one wants them as they are now.
  const businessTime = async () => (await stages.readCalendars(store.read)).timeOf('business')
  const makers = makeChannelMakers({
    fetch,
    listener: forms,
    mailReader,
    limits: formLimits,
    newId: newToken,
    store,
    chats: makeChatDesk({ store, host, fetch, clock }),
    businessTime,
    around: {
      isConnected: async (accountId) => (await readAccount(store.read, accountId)) !== null,
      secretOf: (accountId) => host.getSecret(accountSecret(accountId)),
      nudge: (accountId, hint) => {
        const channel = channels.of(accountId)
        if (hint) channel?.hint?.(hint)
        channel
          ?.poll()
          .catch((error: unknown) => log.warn({ accountId, err: error }, 'a look that was asked for failed'))
      },
      optOut: (email, at) => optOutEmail(store, stages.clocks, email, at),
    },
  })
  const sightings = makeSightings(store.read)
  const channels = makeChannels({ store, clock, log, random, host, ingest: stages.ingest, makers, sightings })
  const selfTests = makeSelfTests({ store, clock, log, host, channels, forms, sightings, fetch, newToken })
  const farewells = makeFarewells({ store, clock, log, host, fetch })
  const silenceWatch = makeSilenceWatch({ store, clock, log, businessTime })
  const { clocks } = stages
  const { reconcileAfterMs } = options.tuning
  const outbox = makeOutbox({
    store,
    clock,
    log,
    channels,
    clocks,
    random,
    ...(reconcileAfterMs === undefined ? {} : { reconcileAfterMs }),
  })
  const feeds = makeCalendarFeeds({ store, clock, log, fetch, changed: (tx) => recalculateDeadlines(tx, clocks) })
  const slaTimer = makeSlaTimer({
    store,
    clock,
    log,
    clocks,
    passOn: stages.passOn,
    ladder: makeLadder(stages.readCalendars),
  })
  const taskTimer = makeTaskTimer({ ...stages, store, clock, log })
  const memberTexts = makeMemberTexts({ store, clock, log, channels })
  const mentionWatch = makeMentionWatch({ ...stages, store, clock, log })
  const dutyTimer = makeDutyTimer({ ...stages, store, clock, log })
  // A list says what it knows in its columns, and nobody wants to pay for questions about all of it.
  const coolDown = makeCoolDown({ store, clock, clocks, log })
  const imports = makeImports({ ...stages, learnFromLead: async () => {}, greet: async () => {}, store, clock, log })
  const links = () => unsubscribeLinks(store.read, host)
  const settle = (tx: WriteStore, personId: number, now: number) => settlePerson(tx, stages, personId, now)
  const readBack = makeReadBack({ store, clock, log, readers: stages.readers, readOwn, settlePerson: settle })
  const lookups = makeLookups({ store, clock, log, random, host, fetch, settlePerson: settle })
  const encoder = makeEncoder(options.textModel ?? null, log)
  const insights = makeInsights({
    ...stages,
    store,
    clock,
    log,
    encoder,
    classifier: shippedClassifier(),
    modelVersion,
  })
  const judging = { clocks, inbox: inboxActions }
  const outcomeRules = makeOutcomeRules({ ...judging, store, clock, log, fitting: stages.fittingRules })
  const { companyFromEmail } = stages.enrich
  const foresee = makeForesee({
    store,
    clock,
    companyFromEmail,
    retier: (leadIds) => rescoreByChance({ store, clock, clocks }, leadIds),
  })
  const learner = makeLearner({
    ...stages,
    store,
    clock,
    log,
    companyFromEmail,
    foresee,
    train: (table, how, signal) => trainInWorker(table, how, { worker: trainWorkerUrl(), signal }),
  })
  const server = serve({
    log,
    checkOutput: options.checkOutput,
    handlers: {
      ...handlersOn(store, clock, { ...stages, channels, outbox, links }),
      ...makeCaptureHandlers({ store, imports, touches: { ...stages, store, clock, findOrMakePerson } }),
      ...makeEnrichHandlers({
        store,
        clock,
        host,
        lookups,
        cards: makeCardReader('tesseract'),
        platform: process.platform,
        claimHandle: (tx, personId, handle, now) =>
          claimHandle(tx, { ...stages.enrich, ...stages }, personId, handle, now),
        settlePerson: settle,
      }),
      ...makeNurtureHandlers({
        store,
        clock,
        links,
        opening: stages.opening,
        queue: makeQueueTemplated({ clock, newId: randomUUID, askLine: stages.askLine }),
        nudge: outbox.nudge,
      }),
      ...makeSettingsHandlers({ ...stages, store, clock, fetch, feeds }),
      ...makeRouteHandlers({ ...stages, store, clock, phoneRegion: stages.enrich.phoneRegion, dutyTimer }),
      ...makeScoreHandlers({ ...stages, store, clock }),
      ...makeAnalyzeHandlers({ ...stages, store, clock }),
      ...makeTextModelHandlers({ ...stages, store, clock, insights }),
      ...makeLearnHandlers({ ...stages, store, clock, learner, foresee }),
      ...makeConvertHandlers({ ...judging, store, clock, rulesChanged: () => outcomeRules.nudge([]) }),
      ...makeBackupHandlers({ store, dataDir: options.dataDir, clock, restart: options.restart }),
      ...makeChannelsHandlers({
        store,
        clock,
        log,
        host,
        channels,
        forms,
        fetch,
        newToken,
        testEmail: testEmailAccount,
        testTwilio: (settings, authToken) => testTwilio(settings, authToken, { fetch, clock }),
        listTwilioNumbers: (settings, authToken) => listTwilioNumbers(settings, authToken, { fetch, clock }),
        selfTests,
        farewells,
        businessTime,
      }),
    },
  })

  store.onCommit((announcements) => {
    for (const { name, payload } of announcements) {
      server.announce(name, payload)
      if (name === 'team.text') memberTexts.nudge()
      if (name !== 'store.changed') continue
      // A note, or who sits here, or who wants texts.
      if (payload.tables.some((it) => it === 'interaction' || it === 'setting')) mentionWatch.nudge()
      if (payload.tables.includes('lead')) {
        slaTimer.nudge()
        taskTimer.nudge()
      }
      // Who is there, what they have in hand, by which rules and hours.
      if (payload.tables.some((it) => it === 'lead' || it === 'member' || it === 'setting')) dutyTimer.nudge()
      if (payload.tables.includes('account') || payload.tables.includes('job')) outbox.nudge()
      if (payload.tables.includes('interaction')) {
        readBack.nudge()
        insights.nudge()
        outcomeRules.nudge(payload.personIds)
        learner.nudge(payload.personIds)
      }
      if (payload.tables.includes('person')) lookups.nudge()
    }
  })
  // Channels first: the outbox takes up what an earlier life left and needs somebody to send it.
  await selfTests.start()
  await dropAbandoned(store, clock.now())
  await channels.start()
  await farewells.start()
  await outbox.start()
  await memberTexts.start()
  await mentionWatch.start()
  await slaTimer.start()
  await taskTimer.start()
  await dutyTimer.start()
  silenceWatch.start()
  await feeds.start()
  await imports.start()
  await lookups.start()
  readBack.start()
  insights.start()
  coolDown.start()
  outcomeRules.start()
  learner.start()

  const ready: EventMessage = { kind: 'event', name: 'engine.ready', payload: { epoch: randomUUID() } }
  return {
    attach: (transport) => {
      server.attach(transport)
      transport.post(ready)
    },
    stop: async () => {
      await server.drain()
      await imports.stop()
      await learner.stop()
      await outcomeRules.stop()
      await coolDown.stop()
      await insights.stop()
      await readBack.stop()
      await lookups.stop()
      await silenceWatch.stop()
      await selfTests.stop()
      await mentionWatch.stop()
      await memberTexts.stop()
      await outbox.stop()
      await farewells.stop()
      await channels.stop()
      await mailReader.close()
      await dutyTimer.stop()
      await taskTimer.stop()
      await slaTimer.stop()
      await feeds.stop()
      await settling.stop()
      await store.close()
    },
  }
}

type Wired = ReturnType<typeof wireStages> & {
  readonly channels: Pick<Channels, 'of'>
  readonly outbox: Pick<Outbox, 'nudge'>
  readonly links: ContactDeps['links']
}

/** The handlers of what people do with leads: the sample business uses them, too, on a clock of its own. */
function handlersOn(store: Store, clock: Clock, { clocks, channels, outbox, links, ...stages }: Wired) {
  return {
    ...makeInboxHandlers({ store, clock, clocks }),
    ...makePeopleHandlers({
      store,
      clock,
      channels,
      stages: { ...stages.enrich, ...stages, clocks },
      changeLeads,
    }),
    ...makeContactHandlers({ ...stages, store, clock, clocks, channels, outbox, links, newId: randomUUID }),
    ...makeTasksHandlers({ store, clock }),
    ...makeFirstAnswerHandlers({ ...stages, store, clock, refuseMistake }),
  }
}

/** What a new workspace starts with. */
async function seedWorkspace(store: Store, { clock, log, random, sample }: EngineOptions): Promise<void> {
  await store.write((tx) => seedTemplates(tx, clock.now()))
  if (sample === null) return
  await seedSample({
    store,
    clock,
    variant: sample,
    areasAt: (then) => {
      const stages = wireStages({ store, clock: then, log, random })
      const nothing = { channels: { of: () => null }, outbox: { nudge: () => {} }, links: async () => null }
      const convert = { store, clock: then, clocks: stages.clocks, inbox: inboxActions, rulesChanged: () => {} }
      const handlers = { ...handlersOn(store, then, { ...stages, ...nothing }), ...makeConvertHandlers(convert) }
      return { ingest: stages.ingest, handlers }
    },
  })
}

/** How a lead ends is an action of the inbox: the area that knows of ends gets them from here. */
const inboxActions = { changeLeads, hasOtherOpenLead, noOutcome, thawClocks, undoChange }

const newToken = () => randomBytes(16).toString('hex')
