import { resolveMx } from 'node:dns/promises'
import type { BusinessTime } from '../lib/business-time.ts'
import type { Clock } from '../lib/clock.ts'
import { displayPhone } from '../lib/handles.ts'
import { accountSecret, type Host } from '../lib/host.ts'
import type { Log } from '../lib/log.ts'
import { badInput, conflict } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { Store } from '../store/store.ts'
import {
  type AccountRow,
  type AccountSettings,
  forgetCursors,
  insertAccount,
  markAccountRemoved,
  needAccount,
  readAccounts,
  saveAccountSettings,
  settingsOf,
} from './accounts.ts'
import { checkedEmail, checkedForm, checkedTwilio, refuseOpenUrl } from './check-settings.ts'
import type { Account, AccountKind, channelsContract, EmailSettings, TestReport, TwilioSettings } from './contract.ts'
import { lookUpServers } from './email/autoconfig.ts'
import { listFolders } from './email/list-folders.ts'
import { readMailbox } from './email/sync-progress.ts'
import { formLimits } from './forms/limits.ts'
import { type FormsListener, pathOfToken } from './forms/listener.ts'
import { previewForm } from './forms/preview-form.ts'
import { providerList } from './forms/providers/catalog.ts'
import { noSecrets, parseSecrets } from './forms/secrets.ts'
import { testForm } from './forms/test-form.ts'
import { readHealth, removeTryOut } from './health/read-health.ts'
import { acceptSilence } from './health/silence-watch.ts'
import { makeLogin } from './oauth/login.ts'
import { makeSignIns } from './oauth/sign-ins.ts'
import { parseTokens } from './oauth/tokens.ts'
import { readFoundByLooking } from './own-numbers.ts'
import type { Channels } from './registry.ts'
import type { Farewells } from './relay/farewells.ts'
import { makeRelayHandlers, urlOfHook } from './relay/handlers.ts'
import type { SelfTests } from './self-test/self-tests.ts'
import { findEmail } from './suggest-email.ts'

export type ChannelsHandlersDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly host: Host
  readonly channels: Channels
  readonly forms: FormsListener
  readonly fetch: typeof fetch
  /** 32 hex digits nobody can guess: 128 random bits. */
  readonly newToken: () => string
  readonly testEmail: (settings: EmailSettings, password: string | null) => Promise<TestReport>
  readonly testTwilio: (settings: TwilioSettings, authToken: string | null) => Promise<TestReport>
  readonly listTwilioNumbers: (
    settings: Pick<TwilioSettings, 'accountSid' | 'baseUrl'>,
    authToken: string | null,
  ) => Promise<readonly { number: string; name: string; sms: boolean; voice: boolean }[]>
  readonly selfTests: Pick<SelfTests, 'run'>
  readonly farewells: Pick<Farewells, 'add'>
  readonly businessTime: () => Promise<BusinessTime>
}

export function makeChannelsHandlers(deps: ChannelsHandlersDeps): HandlersOf<typeof channelsContract> {
  const { store, clock, log, host, channels, forms } = deps

  const urlOf = (origin: string | null, token: string) => (origin === null ? '' : `${origin}${pathOfToken(token)}`)
  const country = async () => (await readSettings(store.read)).business.country

  /** The given secret, or the stored one of an account that exists. */
  const secretFor = (id: number | null, given: string | null): Promise<string | null> =>
    given !== null ? Promise.resolve(given) : id !== null ? host.getSecret(accountSecret(id)) : Promise.resolve(null)

  /** @throws DeskbellError `CONFLICT` when another account has the same settings where it matters */
  const refuseTwin = async (id: number | null, isTwin: (settings: AccountSettings) => boolean, message: string) => {
    for (const row of await readAccounts(store.read)) {
      if (row.id !== id && isTwin(settingsOf(row))) throw conflict(message)
    }
  }

  type Saving = {
    readonly id: number | null
    readonly kind: AccountKind
    readonly label: string
    readonly settings: object
    readonly secret: string | null
    /** True when the account now points at another mailbox or number than before. */
    readonly moved?: (before: AccountSettings) => boolean
  }

  const save = async ({ id, kind, label, settings, secret, moved }: Saving): Promise<number> => {
    if (id === null) {
      const made = await store.write((tx) => insertAccount(tx, { kind, label, settings, at: clock.now() }))
      try {
        if (secret !== null) await host.setSecret(accountSecret(made), secret)
      } catch (error) {
        // Without its password it could never connect; the user sees the error and starts over.
        await store.write((tx) => markAccountRemoved(tx, made, clock.now()))
        throw error
      }
      await channels.reload(made)
      return made
    }
    const before = settingsOf(await needAccount(store.read, id, kind))
    if (secret !== null) await host.setSecret(accountSecret(id), secret)
    await store.write(async (tx) => {
      await saveAccountSettings(tx, id, label, settings)
      if (moved?.(before)) await forgetCursors(tx, id)
    })
    await channels.reload(id)
    return id
  }

  const withReading = async (account: Account): Promise<Account> => {
    const { settings } = account
    if (settings.kind === 'email') {
      return { ...account, mailbox: await readMailbox(store.read, account.id, settings.email) }
    }
    const found = settings.kind === 'twilio' ? await readFoundByLooking(store.read, account.id) : null
    return found === null ? account : { ...account, foundOnlyByLooking: found }
  }

  /** What was left out of the settings stays as it is stored. */
  const asStored = async (id: number | null, settings: EmailSettings): Promise<EmailSettings> => {
    const stored = id === null ? null : settingsOf(await needAccount(store.read, id, 'email'))
    const before = stored?.kind === 'email' ? stored.email : null
    const capture = settings.capture ?? before?.capture
    const auth = settings.auth ?? before?.auth
    return { ...settings, ...(capture && { capture }), ...(auth && { auth }) }
  }

  const relays = makeRelayHandlers({
    ...deps,
    add: (label, settings, secret) => save({ id: null, kind: 'relay', label, settings, secret }),
  })

  const signIns = makeSignIns({ ...deps, reload: channels.reload })

  /** What logs this mailbox in: the given password, the stored one, or an access token of the stored sign-in. */
  const loginFor = (id: number | null, settings: EmailSettings, given: string | null): Promise<string | null> => {
    if (settings.auth?.kind !== 'oauth') return secretFor(id, given)
    if (id === null) return Promise.resolve(null)
    const name = accountSecret(id)
    const keepSecret = (value: string) => host.setSecret(name, value)
    return makeLogin(settings, { clock, fetch: deps.fetch, secret: () => host.getSecret(name), keepSecret }).current()
  }

  return {
    'channels.list': async () => {
      const origin = await forms.origin()
      const rows = await readAccounts(store.read)
      const accounts = rows.map((row) => accountOf(row, (token) => urlOf(origin, token)))
      return { accounts: await Promise.all(accounts.map(withReading)), formsOrigin: origin }
    },

    'channels.suggestEmail': ({ address }) =>
      findEmail(address, (it) => lookUpServers(it, { fetch: deps.fetch, resolveMx })),

    'channels.testEmail': async ({ id, settings, password }) => {
      const checked = checkedEmail(await asStored(id, settings))
      return deps.testEmail(checked, await loginFor(id, checked, password))
    },

    'channels.signIn': async ({ id, clientSecret }) => {
      const settings = settingsOf(await needAccount(store.read, id, 'email'))
      const email = settings.kind === 'email' ? settings.email : null
      if (email?.auth?.kind !== 'oauth') throw badInput('This mailbox logs in with its password.')
      return { url: await signIns.start({ id, settings: email, oauth: email.auth }, clientSecret) }
    },

    'channels.listFolders': async ({ id, settings, password }) => {
      const checked = checkedEmail(await asStored(id, settings))
      const login = await loginFor(id, checked, password)
      if (login === null) throw badInput('Log in first. Your folders can be read only then.')
      return { folders: await listFolders(checked, login) }
    },

    'channels.pauseSync': async ({ id, paused }) => {
      await needAccount(store.read, id, 'email')
      const channel = channels.of(id)
      if (!channel?.pause) throw conflict('This mailbox is not running now. Try again in a moment.')
      await channel.pause(paused)
      await store.write(async (tx) => tx.changed('account'))
      return {}
    },

    'channels.saveEmail': async ({ id, settings, password }) => {
      const checked = checkedEmail(await asStored(id, settings))
      const byPassword = checked.auth?.kind !== 'oauth'
      if (byPassword && !password && (id === null || parseTokens(await host.getSecret(accountSecret(id))) !== null))
        throw badInput('The password is missing. Your provider may call it an app password.')
      const isTwin = (it: AccountSettings) => it.kind === 'email' && sameMailbox(it.email, checked)
      await refuseTwin(id, isTwin, 'This mailbox is connected already.')
      const moved = (before: AccountSettings) => before.kind === 'email' && !sameMailbox(before.email, checked)
      return {
        id: await save({
          id,
          kind: 'email',
          label: checked.address,
          settings: checked,
          secret: byPassword ? password || null : null,
          moved,
        }),
      }
    },

    'channels.testTwilio': async ({ id, settings, authToken }) =>
      deps.testTwilio(checkedTwilio(settings, await country()), await secretFor(id, authToken)),

    'channels.listTwilioNumbers': async ({ id, settings, authToken }) => {
      refuseOpenUrl(settings.baseUrl)
      const home = await country()
      const listed = await deps.listTwilioNumbers(settings, await secretFor(id, authToken || null))
      return {
        numbers: listed.map(({ number, name, sms, voice }) => ({
          number,
          display: displayPhone(number, home),
          name,
          sms,
          voice,
        })),
      }
    },

    'channels.saveTwilio': async ({ id, settings, authToken }) => {
      const checked = checkedTwilio(settings, await country())
      if (id === null && !authToken)
        throw badInput('The auth token is missing. Copy it from the first page of the Twilio console.')
      const isTwin = (it: AccountSettings) => it.kind === 'twilio' && shareNumber(it.twilio, checked)
      await refuseTwin(id, isTwin, 'This number is connected already.')
      const moved = (before: AccountSettings) =>
        before.kind === 'twilio' && before.twilio.accountSid !== checked.accountSid
      return {
        id: await save({
          id,
          kind: 'twilio',
          label: checked.number,
          settings: checked,
          secret: authToken || null,
          moved,
        }),
      }
    },

    'channels.saveForm': async ({ id, settings, secrets }) => {
      const row = id === null ? null : settingsOf(await needAccount(store.read, id, 'form'))
      const before = row?.kind === 'form' ? row : null
      const stored = id === null ? noSecrets : parseSecrets(await host.getSecret(accountSecret(id)))
      const checked = checkedForm(settings, before?.form ?? null, stored, secrets ?? noSecrets)
      // The address of a form is in somebody's website: it never changes.
      const token = before?.token ?? deps.newToken()
      const saved = await save({
        id,
        kind: 'form',
        label: settings.name,
        settings: { ...checked.settings, token },
        secret: checked.secrets && JSON.stringify(checked.secrets),
      })
      return { id: saved, url: urlOf(await forms.ready(), token) }
    },

    'channels.formProviders': async () => [...providerList],

    'channels.previewForm': async ({ settings, sample }) => previewForm(settings, sample, clock.now(), formLimits),

    'channels.testForm': async ({ id }) => {
      const settings = settingsOf(await needAccount(store.read, id, 'form'))
      if (settings.kind !== 'form') throw badInput('This is not a form.')
      const url = urlOf(await forms.ready(), settings.token)
      const { signing } = parseSecrets(settings.form.signed ? await host.getSecret(accountSecret(id)) : null)
      const key = `test-${deps.newToken()}`
      return testForm({ store, fetch: deps.fetch, accountId: id, url, key, secret: signing })
    },

    ...relays.handlers,

    'channels.saveChat': async ({ id, settings }) => ({
      id: await save({ id, kind: 'chat', label: `Chat: ${settings.name}`, settings, secret: null }),
    }),

    'channels.health': async () => ({
      channels: await readHealth(store.read, await deps.businessTime(), clock.now()),
    }),

    'channels.acceptQuiet': async ({ id }) => {
      await needAccount(store.read, id)
      await store.write((tx) => acceptSilence(tx, id, clock.now()))
      return {}
    },

    'channels.removeTryOut': async ({ id }) => {
      await store.write((tx) => removeTryOut(tx, id))
      return {}
    },

    'channels.selfTest': async ({ id }) => {
      await deps.selfTests.run(id)
      return {}
    },

    'channels.remove': async ({ id }) => {
      await needAccount(store.read, id)
      signIns.cancel(id)
      await relays.forget(id)
      await store.write((tx) => markAccountRemoved(tx, id, clock.now()))
      await channels.reload(id)
      await host.deleteSecret(accountSecret(id))
      return {}
    },

    'channels.retryNow': async ({ id }) => {
      await needAccount(store.read, id)
      const channel = channels.of(id)
      // Not awaited: a slow server must not hold up everything else the user does. The outcome is in the account's row.
      const work = channel ? channel.poll() : channels.reload(id)
      work.catch((error: unknown) => log.warn({ accountId: id, err: error }, 'a retry by hand failed'))
      return {}
    },
  }
}

const sameMailbox = (a: EmailSettings, b: EmailSettings) =>
  a.imap.host.toLowerCase() === b.imap.host.toLowerCase() && a.imap.port === b.imap.port && a.imap.user === b.imap.user

const shareNumber = (a: TwilioSettings, b: TwilioSettings) => {
  const numbers = [b.number, ...(b.others ?? [])]
  return a.accountSid === b.accountSid && [a.number, ...(a.others ?? [])].some((it) => numbers.includes(it))
}

function accountOf(row: AccountRow, urlOf: (token: string) => string): Account {
  const settings = settingsOf(row)
  return {
    id: row.id,
    kind: row.kind,
    label: row.label,
    state: row.state,
    stateMessage: row.state_message,
    stateDetail: row.state_detail,
    lastEventAt: row.last_event_at,
    lastOkAt: row.last_ok_at,
    lastErrorAt: row.last_error_at,
    lastError: row.last_error,
    nextRetryAt: row.next_retry_at,
    seen: row.seen,
    taken: row.taken,
    skipped: row.skipped,
    settings: shownSettings(settings, urlOf),
  }
}

function shownSettings(settings: AccountSettings, urlOf: (token: string) => string): Account['settings'] {
  switch (settings.kind) {
    case 'form':
      return { kind: 'form', form: settings.form, url: urlOf(settings.token) }
    case 'relay':
      return { ...settings, urls: settings.relay.hooks.map((it) => urlOfHook(settings.relay, it)) }
    default:
      return settings
  }
}
