import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAccount } from '../../../../src/channels/accounts.ts'
import { makeChatDesk } from '../../../../src/channels/chat/chat-desk.ts'
import type { EmailSettings, TestReport } from '../../../../src/channels/contract.ts'
import { formLimits } from '../../../../src/channels/forms/limits.ts'
import { type FormsListener, makeFormsListener } from '../../../../src/channels/forms/listener.ts'
import { makeChannelsHandlers } from '../../../../src/channels/handlers.ts'
import { makeChannelMakers } from '../../../../src/channels/makers.ts'
import { type Channels, makeChannels } from '../../../../src/channels/registry.ts'
import { makeBusinessTime } from '../../../../src/lib/business-time.ts'
import { silentLog } from '../../../../src/lib/log.ts'
import { contract } from '../../../../src/rpc/contract.ts'
import { anyPort } from '../../../fakes/any-port.ts'
import { type FakeClock, makeFakeClock } from '../../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../../fakes/test-store.ts'

let store: TestStore
let clock: FakeClock
let channels: Channels
let forms: FormsListener
let handlers: ReturnType<typeof makeChannelsHandlers>
let keychain: Map<string, string>
let keychainFails: boolean
let tested: unknown[]
let ids: number

const report: TestReport = { ok: true, steps: [] }

beforeEach(() => {
  store = openTestStore()
  clock = makeFakeClock()
  keychain = new Map()
  keychainFails = false
  tested = []
  ids = 0
  forms = makeFormsListener({ clock, log: silentLog, limits: formLimits, ports: anyPort })
  const host = {
    getSecret: async (name: string) => keychain.get(name) ?? null,
    setSecret: async (name: string, value: string) => {
      if (keychainFails) throw new Error('the keychain is locked')
      keychain.set(name, value)
    },
    deleteSecret: async (name: string) => void keychain.delete(name),
  }
  const newToken = () => String(++ids).padStart(32, '0')
  // No network: every server of these tests is out of reach, and the accounts say so.
  const noFetch = () => Promise.reject(new TypeError('fetch failed'))
  channels = makeChannels({
    store,
    clock,
    log: silentLog,
    random: () => 0,
    host,
    ingest: (accountId, items) =>
      store.write(async (tx) => {
        for (const item of items) {
          const at = item.at
          const { id: personId } = await tx.db
            .insertInto('person')
            .values({
              name: 'Test lead',
              name_rank: 1,
              company: null,
              title: null,
              region: null,
              zone: null,
              created_at: at,
              updated_at: at,
            })
            .returning('id')
            .executeTakeFirstOrThrow()
          const { id } = await tx.db
            .insertInto('interaction')
            .values({
              person_id: personId,
              lead_id: null,
              account_id: accountId,
              channel: 'form',
              direction: 'in',
              at,
              author_id: null,
              automatic: 0,
              subject: '',
              text: '',
              quoted: null,
              delivery: 'received',
              problem: null,
              created_at: at,
            })
            .returning('id')
            .executeTakeFirstOrThrow()
          await tx.db
            .insertInto('inbound_item')
            .values({
              account_id: accountId,
              external_id: item.externalId,
              revision: '1',
              interaction_id: id,
              received_at: at,
              payload: null,
              payload_blob: null,
            })
            .execute()
        }
      }),
    makers: {
      ...makeChannelMakers({
        fetch: noFetch,
        listener: forms,
        limits: formLimits,
        newId: newToken,
        store,
        chats: makeChatDesk({ store, host: { getSecret: async () => null }, fetch: noFetch, clock }),
        businessTime: async () => makeBusinessTime({ zone: 'UTC', hours: [], alwaysOpen: true }),
        around: {
          isConnected: async () => false,
          secretOf: async () => null,
          nudge: () => {},
          optOut: async () => {},
        },
      }),
      email: () => ({
        start: async () => {},
        stop: async () => {},
        poll: () => new Promise(() => {}),
        send: async () => ({ kind: 'unknown', detail: '' }),
        find: async () => ({ kind: 'not-found' }),
      }),
    },
  })
  handlers = makeChannelsHandlers({
    store,
    clock,
    log: silentLog,
    host,
    channels,
    forms,
    fetch,
    newToken,
    testEmail: async (...args) => {
      tested.push(args)
      return report
    },
    listTwilioNumbers: async () => [],
    testTwilio: async (...args) => {
      tested.push(args)
      return report
    },
    farewells: { add: async () => {} },
    selfTests: { run: async (id) => void tested.push(id) },
    businessTime: async () => makeBusinessTime({ zone: 'UTC', hours: [], alwaysOpen: true }),
  })
})
afterEach(async () => {
  await channels.stop()
  await store.close()
})

const email: EmailSettings = {
  address: 'Office@Brightwater.example',
  name: 'Brightwater',
  imap: { host: 'imap.brightwater.example', port: 993, security: 'tls', user: 'office' },
  smtp: { host: 'smtp.brightwater.example', port: 465, security: 'tls', user: 'office' },
}
const twilio = { accountSid: `AC${'a'.repeat(32)}`, number: '(415) 555-0142', baseUrl: null }
const form = { name: 'Website', source: 'Website', mapping: {} }

describe('a mailbox', () => {
  it('is stored without its password, which goes to the keychain', async () => {
    const { id } = await handlers['channels.saveEmail']({ id: null, settings: email, password: 'hunter2' })
    expect(keychain.get(`account-${id}`)).toBe('hunter2')
    const listed = await handlers['channels.list']({})
    expect(contract['channels.list'].output.parse(listed).accounts).toMatchObject([
      { id, kind: 'email', label: 'office@brightwater.example', settings: { kind: 'email' }, state: 'connecting' },
    ])
    expect(JSON.stringify(listed)).not.toContain('hunter2')
    expect(JSON.stringify(await readAccount(store.read, id))).not.toContain('hunter2')
    expect(channels.of(id)).not.toBeNull()
  })

  it('keeps its password when none is given, and is tested with it', async () => {
    const { id } = await handlers['channels.saveEmail']({ id: null, settings: email, password: 'hunter2' })
    await handlers['channels.saveEmail']({ id, settings: { ...email, name: 'B' }, password: null })
    expect(keychain.get(`account-${id}`)).toBe('hunter2')
    await handlers['channels.testEmail']({ id, settings: email, password: null })
    await handlers['channels.testEmail']({ id: null, settings: email, password: 'other' })
    expect(tested.map((it) => (it as unknown[])[1])).toEqual(['hunter2', 'other'])
  })

  it.each([
    ['without a password', { password: null }, /password is missing/],
    ['that is none', { settings: { ...email, address: 'office' } }, /whole e-mail address/],
    [
      'whose password would travel in the open',
      { settings: { ...email, imap: { ...email.imap, security: 'none' as const } } },
      /incoming server would get your password in the open/,
    ],
  ])('%s is refused', async (_name, wrong, message) => {
    const input = { id: null, settings: email, password: 'x', ...wrong }
    await expect(handlers['channels.saveEmail'](input)).rejects.toThrow(message)
    expect((await handlers['channels.list']({})).accounts).toEqual([])
  })

  it('cannot be connected twice', async () => {
    await handlers['channels.saveEmail']({ id: null, settings: email, password: 'x' })
    await expect(handlers['channels.saveEmail']({ id: null, settings: email, password: 'x' })).rejects.toThrow(
      'already',
    )
  })

  it('whose password cannot be kept is not connected at all', async () => {
    keychainFails = true
    await expect(handlers['channels.saveEmail']({ id: null, settings: email, password: 'x' })).rejects.toThrow(
      'keychain',
    )
    expect((await handlers['channels.list']({})).accounts).toEqual([])
  })

  it('that moved to another server starts reading from the beginning, one that did not goes on', async () => {
    const { id } = await handlers['channels.saveEmail']({ id: null, settings: email, password: 'x' })
    const cursors = () => store.read.db.selectFrom('cursor').selectAll().execute()
    await store.write(async (tx) => {
      await tx.db.insertInto('cursor').values({ account_id: id, scope: 'INBOX', value: '1', updated_at: 1 }).execute()
    })
    await handlers['channels.saveEmail']({ id, settings: { ...email, name: 'New name' }, password: null })
    expect(await cursors()).toHaveLength(1)
    const moved = { ...email, imap: { ...email.imap, host: 'imap.elsewhere.example' } }
    await handlers['channels.saveEmail']({ id, settings: moved, password: null })
    expect(await cursors()).toHaveLength(0)
  })

  it('keeps the choice of what is taken in and how it logs in when a form leaves them out', async () => {
    const capture: EmailSettings['capture'] = { kind: 'folders', folders: ['Leads'] }
    const auth = { kind: 'oauth', provider: 'google', clientId: 'abc', baseUrl: null } as const
    const stored = async () => (await handlers['channels.list']({})).accounts[0]?.settings
    const { id } = await handlers['channels.saveEmail']({
      id: null,
      settings: { ...email, capture, auth },
      password: null,
    })
    await handlers['channels.saveEmail']({ id, settings: { ...email, name: 'B' }, password: null })
    expect(await stored()).toMatchObject({ email: { name: 'B', capture, auth } })
    // Back to a password: what is stored is none.
    const byPassword = { ...email, auth: { kind: 'password' } as const }
    keychain.set(`account-${id}`, '{"refreshToken":"r","accessToken":"a","expiresAt":1,"clientSecret":null}')
    await expect(handlers['channels.saveEmail']({ id, settings: byPassword, password: null })).rejects.toThrow(
      'password is missing',
    )
    await handlers['channels.saveEmail']({ id, settings: byPassword, password: 'pw' })
    expect(keychain.get(`account-${id}`)).toBe('pw')
    expect(await stored()).toMatchObject({ email: { capture, auth: { kind: 'password' } } })
  })

  it('signs in only where that is how it logs in, through an address that the browser opens', async () => {
    const { id } = await handlers['channels.saveEmail']({ id: null, settings: email, password: 'x' })
    await expect(handlers['channels.signIn']({ id, clientSecret: null })).rejects.toThrow('logs in with its password')
    const auth = { kind: 'oauth', provider: 'microsoft', clientId: 'abc', baseUrl: null } as const
    await handlers['channels.saveEmail']({ id, settings: { ...email, auth }, password: null })
    const { url } = await handlers['channels.signIn']({ id, clientSecret: null })
    expect(new URL(url)).toMatchObject({ protocol: 'https:', host: 'login.microsoftonline.com' })
    expect(new URL(url).searchParams.get('client_id')).toBe('abc')
    await handlers['channels.remove']({ id })
  })

  it('tells how far its first reading is, whether it is held, and what was left out and why', async () => {
    const { id } = await handlers['channels.saveEmail']({ id: null, settings: email, password: 'x' })
    const cursor = (change: object) =>
      JSON.stringify({
        path: 'INBOX',
        uidValidity: '1',
        connectedAt: 1,
        rebuilt: false,
        historyEnd: 100,
        historyLeft: 40,
        historyTotal: 90,
        historySeen: 50,
        head: 120,
        leftOut: { 'A draft': 2 },
        ...change,
      })
    const rows = [
      ['imap:inbox', cursor({})],
      ['imap:sent', cursor({ historyLeft: 0, historyTotal: 10, historySeen: 9, leftOut: { 'A draft': 1, Other: 5 } })],
      ['imap:folder:Old choice', cursor({})],
      ['mail:paused', '1'],
    ] as const
    await store.write(async (tx) => {
      for (const [scope, value] of rows) {
        await tx.db.insertInto('cursor').values({ account_id: id, scope, value, updated_at: 1 }).execute()
      }
    })
    const [listed] = (await handlers['channels.list']({})).accounts
    expect(listed?.mailbox).toEqual({
      done: 59,
      total: 99,
      paused: true,
      leftOut: [
        { reason: 'Other', count: 5 },
        { reason: 'A draft', count: 3 },
      ],
    })
    // The channels of these tests read nothing that could be held.
    await expect(handlers['channels.pauseSync']({ id, paused: false })).rejects.toThrow('not running')
    await expect(handlers['channels.pauseSync']({ id: 99, paused: true })).rejects.toThrow('no longer there')
  })

  it('is tried again without making anybody wait', async () => {
    const { id } = await handlers['channels.saveEmail']({ id: null, settings: email, password: 'x' })
    expect(await handlers['channels.retryNow']({ id })).toEqual({})
    await expect(handlers['channels.retryNow']({ id: 99 })).rejects.toThrow('no longer there')
  })

  it('that is removed is stopped and its password forgotten; what came through it stays', async () => {
    const { id } = await handlers['channels.saveEmail']({ id: null, settings: email, password: 'x' })
    await handlers['channels.remove']({ id })
    expect(keychain.size).toBe(0)
    expect(channels.of(id)).toBeNull()
    expect((await handlers['channels.list']({})).accounts).toEqual([])
    expect(await store.read.db.selectFrom('account').select('removed_at').execute()).toEqual([
      { removed_at: clock.now() },
    ])
    await expect(handlers['channels.remove']({ id })).rejects.toThrow('no longer there')
  })
})

describe('a number', () => {
  it('is stored in its international form', async () => {
    const { id } = await handlers['channels.saveTwilio']({ id: null, settings: twilio, authToken: 'token' })
    expect((await readAccount(store.read, id))?.label).toBe('+14155550142')
    await expect(
      handlers['channels.saveTwilio']({ id: null, settings: { ...twilio, number: '+1 415 555 0142' }, authToken: 't' }),
    ).rejects.toThrow('already')
  })

  it.each([
    ['without a token', { authToken: null }, /token is missing/],
    ['that is none', { settings: { ...twilio, number: 'office' } }, /whole phone number/],
    ['on an open address', { settings: { ...twilio, baseUrl: 'http://api.example' } }, /https/],
  ])('%s is refused', async (_name, wrong, message) => {
    const input = { id: null, settings: twilio, authToken: 't', ...wrong }
    await expect(handlers['channels.saveTwilio'](input)).rejects.toThrow(message)
  })
})

describe('a form', () => {
  it('gets an address nobody can guess, and keeps it', async () => {
    const { id, url } = await handlers['channels.saveForm']({ id: null, settings: form })
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/f\/[0-9a-f]{32}$/)
    const again = await handlers['channels.saveForm']({ id, settings: { ...form, name: 'Contact page' } })
    expect(new URL(again.url).pathname).toBe(new URL(url).pathname)
    const { accounts, formsOrigin } = await handlers['channels.list']({})
    expect(accounts[0]).toMatchObject({ label: 'Contact page', settings: { kind: 'form', url: again.url } })
    expect(again.url.startsWith(`${formsOrigin}/`)).toBe(true)
    const other = await handlers['channels.saveForm']({ id: null, settings: form })
    expect(other.url).not.toBe(again.url)
    await expect(handlers['channels.saveEmail']({ id, settings: email, password: 'x' })).rejects.toThrow('no longer')
  })

  it('is tested by a real post that must become a lead, as often as one likes', async () => {
    const { id } = await handlers['channels.saveForm']({ id: null, settings: form })
    expect((await handlers['channels.testForm']({ id })).steps).toMatchObject([{ ok: true }, { ok: true }])
    expect((await handlers['channels.testForm']({ id })).ok).toBe(true)
    expect(await store.read.db.selectFrom('inbound_item').select('id').execute()).toHaveLength(2)
  })

  it('with a secret keeps it in the keychain, takes signed posts only, and is still tested by a real post', async () => {
    const settings = { ...form, provider: 'google' as const }
    await expect(handlers['channels.saveForm']({ id: null, settings })).rejects.toThrow('needs its secret')
    const secrets = { signing: 'key-7', accessToken: null }
    const { id, url } = await handlers['channels.saveForm']({ id: null, settings, secrets })
    expect(JSON.stringify(await readAccount(store.read, id))).not.toContain('key-7')
    const post = (address: string, google_key: string) => {
      const lead = { google_key, lead_id: '1', user_column_data: [{ column_id: 'EMAIL', string_value: 'a@b.example' }] }
      const headers = { 'content-type': 'application/json' }
      return fetch(address, { method: 'POST', headers, body: JSON.stringify(lead) })
    }
    expect([(await post(url, 'key-8')).status, (await post(url, 'key-7')).status]).toEqual([401, 200])
    expect((await handlers['channels.testForm']({ id })).steps).toMatchObject([{ ok: true }, { ok: true }])
    const again = await handlers['channels.saveForm']({ id, settings: form })
    expect([(await post(again.url, 'key-8')).status, (await post(again.url, 'key-7')).status]).toEqual([401, 200])
  })

  it('shows what a sample would become, and whose posts are understood', async () => {
    const sample = '{"name":"Ana","email":"ana@example.org"}'
    const { leads, note } = await handlers['channels.previewForm']({ settings: form, sample })
    expect([leads[0]?.known, note]).toEqual([{ name: 'Ana', email: 'ana@example.org' }, null])
    expect((await handlers['channels.formProviders']({})).map(({ id }) => id)).toContain('meta')
    expect(await store.read.db.selectFrom('inbound_item').select('id').execute()).toEqual([])
  })

  it('says so when nothing listens', async () => {
    const { id } = await handlers['channels.saveForm']({ id: null, settings: form })
    await channels.of(id)?.stop()
    const { ok, steps } = await handlers['channels.testForm']({ id })
    expect(ok).toBe(false)
    expect(steps[0]).toMatchObject({ ok: false, message: expect.stringContaining('refused') })
  })
})

describe('guesses', () => {
  it.each([
    ['ana@gmail.com', 'imap.gmail.com', 'smtp.gmail.com', 465],
    ['ana@googlemail.com', 'imap.gmail.com', 'smtp.gmail.com', 465],
    ['ana@hotmail.co.uk', 'outlook.office365.com', 'smtp-mail.outlook.com', 587],
    ['ana@yahoo.de', 'imap.mail.yahoo.com', 'smtp.mail.yahoo.com', 465],
    ['ana@gmx.de', 'imap.gmx.net', 'mail.gmx.net', 465],
    ['ana@gmx.com', 'imap.gmx.com', 'mail.gmx.com', 465],
    ['Ana@Brightwater.example', 'imap.brightwater.example', 'smtp.brightwater.example', 465],
    ['ana@yahoo.evil.example', 'imap.yahoo.evil.example', 'smtp.yahoo.evil.example', 465],
  ])('%s', async (address, imap, smtp, port) => {
    const guess = await handlers['channels.suggestEmail']({ address })
    expect([guess.imap.host, guess.smtp.host, guess.smtp.port]).toEqual([imap, smtp, port])
    expect(guess.smtp.security).toBe(port === 465 ? 'tls' : 'starttls')
  })

  it('need a whole address', async () => {
    await expect(handlers['channels.suggestEmail']({ address: 'ana@' })).rejects.toThrow('whole e-mail address')
  })
})
