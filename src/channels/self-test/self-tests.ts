import type { Clock } from '../../lib/clock.ts'
import { accountSecret, type Host } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import { badInput, conflict } from '../../rpc/errors.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { Store } from '../../store/store.ts'
import { type AccountRow, type AccountSettings, needAccount, readAccounts, settingsOf } from '../accounts.ts'
import type { Channel } from '../channel.ts'
import { makeChatDesk } from '../chat/chat-desk.ts'
import { type AccountKind, type RelaySettings, type SelfTestStep, selfTestStep } from '../contract.ts'
import { type FormsListener, pathOfToken } from '../forms/listener.ts'
import { parseSecrets } from '../forms/secrets.ts'
import type { Channels } from '../registry.ts'
import { urlOfHook } from '../relay/handlers.ts'
import { numbersOf } from '../twilio/own-numbers.ts'
import type { Sightings } from './sightings.ts'
import { type ChatTest, testChat } from './test-chat.ts'
import { testForm } from './test-form.ts'
import { testMailbox } from './test-mailbox.ts'
import { testPhone } from './test-phone.ts'
import { makeTestRun, outcomeOf, type TestRun } from './test-run.ts'

export type SelfTestsParts = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly host: Host
  readonly channels: Pick<Channels, 'of'>
  readonly forms: Pick<FormsListener, 'ready'>
  readonly sightings: Sightings
  readonly fetch: typeof fetch
  /** Hex digits nobody can guess, ten or more. */
  readonly newToken: () => string
}

/** Tests of channels with themselves, from the health page. */
export type SelfTests = {
  /** Ends what an earlier life left open. */
  readonly start: () => Promise<void>
  /** Begins a test and returns; how it goes is stored. @throws DeskbellError `CONFLICT` when one runs already */
  readonly run: (accountId: number) => Promise<void>
  /** Resolves when none runs any more. */
  readonly stop: () => Promise<void>
}

const tokenLength = 10

/** The kinds of accounts that have a test. */
export const testable: ReadonlySet<AccountKind> = new Set<AccountKind>(['email', 'twilio', 'form', 'chat', 'relay'])

const noTest = () =>
  badInput('There is no test for this channel. Write to it from outside and look whether it comes in.')

export function makeSelfTests(parts: SelfTestsParts): SelfTests {
  const { store, clock, log, sightings } = parts
  const running = new Map<number, Promise<void>>()
  const stopping = new AbortController()

  const work = async (account: AccountRow, testId: number, token: string): Promise<void> => {
    const save = (steps: readonly SelfTestStep[], end: object = {}) =>
      store.write(async (tx) => {
        await tx.db
          .updateTable('self_test')
          .set({ steps: JSON.stringify(steps), ...end })
          .where('id', '=', testId)
          .execute()
        tx.changed('account')
      })
    const { run, steps } = makeTestRun({
      accountId: account.id,
      token,
      clock,
      sightings,
      stopped: stopping.signal,
      save,
    })
    try {
      await testAccount(parts, run, account)
    } catch (error) {
      log.error({ accountId: account.id, err: error }, 'a test of a channel broke off')
      await run.step('Test the channel', 'Testing…', () => Promise.reject(error))
    }
    // What was cut off by the end of the engine is told at the next start.
    if (!stopping.signal.aborted) await save(steps(), { ended_at: clock.now(), outcome: outcomeOf(steps()) })
  }

  return {
    start: () => endInterrupted(store, clock.now()),
    run: async (accountId) => {
      const account = await needAccount(store.read, accountId)
      if (!testable.has(account.kind)) throw noTest()
      if (running.has(accountId)) throw conflict('A test of this channel is under way.')
      const token = parts.newToken().slice(0, tokenLength)
      const begun = begin(store, accountId, token, clock.now())
      const test = begun
        .then((testId) => work(account, testId, token))
        .catch((error: unknown) => log.error({ accountId, err: error }, 'a test of a channel could not be stored'))
        .finally(() => running.delete(accountId))
      running.set(accountId, test)
      await begun
    },
    stop: async () => {
      stopping.abort()
      await Promise.allSettled(running.values())
    },
  }
}

async function begin(store: Store, accountId: number, token: string, at: number): Promise<number> {
  return store.write(async (tx) => {
    const { id } = await tx.db
      .insertInto('self_test')
      .values({ account_id: accountId, token, started_at: at, ended_at: null, outcome: null, steps: '[]' })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.changed('account')
    return id
  })
}

async function endInterrupted(store: Store, now: number): Promise<void> {
  await store.write(async (tx) => {
    const open = await tx.db.selectFrom('self_test').select(['id', 'steps']).where('ended_at', 'is', null).execute()
    for (const { id, steps } of open) {
      const told = selfTestStep.array().parse(JSON.parse(steps)).map(interrupted)
      await tx.db
        .updateTable('self_test')
        .set({ ended_at: now, outcome: 'failed', steps: JSON.stringify(told) })
        .where('id', '=', id)
        .execute()
    }
    if (open.length > 0) tx.changed('account')
  })
}

const interrupted = (step: SelfTestStep): SelfTestStep =>
  step.state === 'running'
    ? { ...step, state: 'failed', message: 'Deskbell was closed before this was over. Test again.' }
    : step

async function testAccount(parts: SelfTestsParts, run: TestRun, account: AccountRow): Promise<void> {
  const settings = settingsOf(account)
  switch (settings.kind) {
    case 'email':
      return testMailbox(run, channelOf(parts, account.id), settings.email, parts.clock.now())
    case 'twilio':
      return testPhone(run, await phoneTest(parts, account.id, settings))
    case 'form':
      return testForm(run, await formTest(parts, account.id, settings, await relaysOf(parts)))
    case 'chat':
      return testChat(run, await chatTest(parts, account.id))
    case 'relay':
      return testRelay(parts, run, settings.relay)
    default:
      throw noTest()
  }
}

function channelOf({ channels }: SelfTestsParts, accountId: number): Channel {
  const channel = channels.of(accountId)
  if (!channel) throw conflict('This channel is not running. Look at what its card says, then test again.')
  return channel
}

async function phoneTest(
  parts: SelfTestsParts,
  accountId: number,
  { twilio }: Extract<AccountSettings, { readonly kind: 'twilio' }>,
) {
  const { store, clock } = parts
  const [number = twilio.number, ...others] = numbersOf(twilio)
  const ofAccounts = (await readAccounts(store.read)).flatMap((row) => {
    const settings = settingsOf(row)
    if (settings.kind !== 'twilio' || row.id === accountId || row.state !== 'ok') return []
    return numbersOf(settings.twilio).map((it) => ({ number: it, accountId: row.id }))
  })
  const candidates = [...others.map((it) => ({ number: it, accountId })), ...ofAccounts]
  const { me } = await readSettings(store.read)
  const members = await store.read.db
    .selectFrom('member')
    .select(['id', 'name', 'mobile'])
    .where('removed_at', 'is', null)
    .orderBy('id')
    .execute()
  const member = members.find((it) => it.id === me && it.mobile !== null) ?? members.find((it) => it.mobile !== null)
  return {
    channel: channelOf(parts, accountId),
    number,
    other: candidates.find((it) => it.number !== number) ?? null,
    mobile: member?.mobile ? { number: member.mobile, name: member.name } : null,
    keep: async ({ externalId, revision }: { readonly externalId: string; readonly revision: string }) => {
      await store.write((tx) =>
        tx.db
          .insertInto('inbound_item')
          .values({
            account_id: accountId,
            external_id: externalId,
            revision,
            interaction_id: null,
            received_at: clock.now(),
            payload: null,
            payload_blob: null,
          })
          .onConflict((conflict) => conflict.columns(['account_id', 'external_id']).doNothing())
          .execute(),
      )
    },
  }
}

async function relaysOf({ store }: SelfTestsParts): Promise<RelaySettings[]> {
  const rows = await readAccounts(store.read)
  return rows.map(settingsOf).flatMap((it) => (it.kind === 'relay' ? [it.relay] : []))
}

async function formTest(
  { host, fetch, forms }: SelfTestsParts,
  formId: number,
  { form, token }: Extract<AccountSettings, { readonly kind: 'form' }>,
  relays: readonly RelaySettings[],
) {
  const origin = await forms.ready()
  const [publicUrl] = relays.flatMap((relay) =>
    relay.hooks.filter((it) => it.kind === 'form' && it.formId === formId).map((hook) => urlOfHook(relay, hook)),
  )
  const { signing } = parseSecrets(form.signed ? await host.getSecret(accountSecret(formId)) : null)
  return {
    formId,
    fetch,
    url: origin === null ? null : `${origin}${pathOfToken(token)}`,
    publicUrl: publicUrl ?? null,
    secret: signing,
  }
}

async function chatTest(parts: SelfTestsParts, chatId: number): Promise<ChatTest> {
  const { store, host, fetch, clock } = parts
  const urls = (await relaysOf(parts)).flatMap((relay) =>
    relay.hooks.filter((it) => it.kind === 'chat' && it.chatId === chatId).map((hook) => urlOfHook(relay, hook)),
  )
  const desk = makeChatDesk({ store, host, fetch, clock })
  return { chatId, scriptUrl: urls[0] ?? null, desk, fetch, now: clock.now }
}

/** A relay brings nothing of its own: the first form, else the first chat, that has an address there is tested. */
async function testRelay(parts: SelfTestsParts, run: TestRun, relay: RelaySettings): Promise<void> {
  for (const hook of relay.hooks) {
    if (hook.kind !== 'form') continue
    const settings = settingsOf(await needAccount(parts.store.read, hook.formId, 'form'))
    if (settings.kind !== 'form') continue
    return testForm(run, { ...(await formTest(parts, hook.formId, settings, [relay])), url: null })
  }
  const chat = relay.hooks.find((it) => it.kind === 'chat')
  if (chat?.kind === 'chat') return testChat(run, await chatTest(parts, chat.chatId))
  throw badInput(
    'No form and no chat of yours has an address at this relay. Make one in Settings, Channels, then test again.',
  )
}
