import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertAccount, needAccount } from '../../src/channels/accounts.ts'
import type { EmailSettings, OAuthSettings } from '../../src/channels/contract.ts'
import { testEmailAccount } from '../../src/channels/email/test-account.ts'
import { startSignIn } from '../../src/channels/oauth/sign-in.ts'
import { makeSignIns } from '../../src/channels/oauth/sign-ins.ts'
import { parseTokens, type Tokens } from '../../src/channels/oauth/tokens.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { accountSecret } from '../../src/lib/host.ts'
import { silentLog } from '../../src/lib/log.ts'
import { type Dovecot, startDovecot } from '../fakes/dovecot.ts'
import { eventually } from '../fakes/eventually.ts'
import { type OAuthDouble, startOAuthDouble } from '../fakes/oauth-double.ts'
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts'
import { openTestStore } from '../fakes/test-store.ts'
import { answer, mail, openDesk, quick, settingsFor, withChannel } from './email-harness.ts'

let authority: OAuthDouble
let dovecot: Dovecot
let smtp: FakeSmtp
let users = 0
let tokensMade = 0

beforeAll(async () => {
  authority = await startOAuthDouble()
  dovecot = await startDovecot({ introspectionUrl: authority.introspectionUrl })
  smtp = await startSmtp(authority.isGood)
})
afterAll(async () => {
  await smtp.close()
  await dovecot.close()
  await authority.close()
})

const oauth = (provider: OAuthSettings['provider'] = 'google'): OAuthSettings => ({
  kind: 'oauth',
  provider,
  clientId: 'deskbell-test',
  baseUrl: authority.baseUrl,
})
const parts = {
  fetch,
  clock: systemClock,
  newToken: () => `${++tokensMade}`.padStart(32, '0'),
}
const begin = (user: string, settings = oauth()) =>
  startSignIn(settings, { address: user, clientSecret: 'not-secret' }, parts)

/** A mailbox whose owner signed in just now. */
async function signedIn(): Promise<{ user: string; settings: EmailSettings; tokens: Tokens }> {
  const user = `oauth${++users}@shop.test`
  const signIn = await begin(user)
  await authority.visit(signIn.url)
  const secure = {
    imap: { host: 'localhost', security: 'starttls' },
    smtp: { host: 'localhost', security: 'starttls' },
  } as const
  return {
    user,
    tokens: await signIn.tokens,
    settings: { ...settingsFor(dovecot, smtp, { user, ...secure }), auth: oauth() },
  }
}
const ca = () => `${dovecot.ca}\n${smtp.ca}`
const isOk = (desk: ReturnType<typeof openDesk>) => desk.states.at(-1)?.state === 'ok'

describe('signing in', () => {
  test('asks with PKCE, a state and a loopback address, for what reading and sending mail needs', async () => {
    const signIn = await begin('office@shop.test', oauth('microsoft'))
    const page = await authority.visit(signIn.url)
    expect(page.text).toContain('You can close this page')
    expect(await signIn.tokens).toMatchObject({
      refreshToken: expect.stringMatching(/^rt-/),
      clientSecret: 'not-secret',
    })
    const asked = Object.fromEntries(authority.asked())
    expect(asked).toMatchObject({
      code_challenge_method: 'S256',
      login_hint: 'office@shop.test',
      response_type: 'code',
      scope: 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access',
    })
    expect(asked.redirect_uri).toMatch(/^http:\/\/localhost:\d+$/)
    expect(asked.code_challenge).toHaveLength(43)
    await expect(fetch(asked.redirect_uri?.replace('localhost', '127.0.0.1') ?? '')).rejects.toThrow()
  })

  test('an answer to another sign-in is not taken; the real one still is', async () => {
    const signIn = await begin('office@shop.test')
    const forged = new URL(signIn.url)
    forged.searchParams.set('state', 'f'.repeat(32))
    expect((await authority.visit(forged.href)).status).toBe(404)
    await authority.visit(signIn.url)
    expect((await signIn.tokens).accessToken).toMatch(/^at-/)
  })

  test.each([
    ['who says no', null, /was not allowed to read your mail at Google/],
    ['with a client ID nobody knows', { status: 401, error: 'invalid_client' }, /does not know the client ID/],
    ['while the provider is down', { status: 503, error: 'temporarily_unavailable' }, /cannot sign us in just now/],
  ])('somebody %s is told so in the browser and here', async (_who, failure, words) => {
    const signIn = await begin('office@shop.test')
    authority.failTokens(failure)
    const page = await authority.visit(signIn.url, failure ? 'allow' : 'deny')
    authority.failTokens(null)
    expect(page.text).toMatch(words)
    await expect(signIn.tokens).rejects.toMatchObject({ body: { message: expect.stringMatching(words) } })
  })

  test('ends in the account: its secret in the keychain and the channel started again, or what went wrong', async () => {
    const store = openTestStore()
    const keychain = new Map<string, string>()
    const reloaded: number[] = []
    const settings: EmailSettings = { ...settingsFor(dovecot, smtp), auth: oauth() }
    const id = await store.write((tx) => insertAccount(tx, { kind: 'email', label: 'x', settings, at: 1 }))
    const signIns = makeSignIns({
      ...parts,
      store,
      log: silentLog,
      host: {
        getSecret: async (name) => keychain.get(name) ?? null,
        setSecret: async (name, value) => void keychain.set(name, value),
        deleteSecret: async (name) => void keychain.delete(name),
      },
      reload: async (accountId) => void reloaded.push(accountId),
    })
    const account = { id, settings, oauth: oauth() }
    await authority.visit(await signIns.start(account, null), 'deny')
    await eventually('the refusal', async () => (await needAccount(store.read, id)).state === 'auth-failed')
    expect((await needAccount(store.read, id)).state_message).toMatch(/was not allowed/)
    const abandoned = await signIns.start(account, null)
    await authority.visit(await signIns.start(account, 'given'))
    await eventually('the channel starts again', () => reloaded.includes(id))
    expect(parseTokens(keychain.get(accountSecret(id)) ?? null)).toMatchObject({ clientSecret: 'given' })
    await expect(authority.visit(abandoned)).rejects.toThrow()
    await store.close()
  })
})

describe('a mailbox that was signed in', () => {
  test('receives and sends with its access token, over a server that knows no password of it', async () => {
    const { user, settings, tokens } = await signedIn()
    await dovecot.append(user, mail('with a token'))
    const desk = openDesk(JSON.stringify(tokens))
    await withChannel(
      settings,
      desk,
      async (channel) => {
        await desk.until((it) => it.items.length === 1, 'the mail')
        const outcome = await channel.send(answer('out-1@shop.test'), { committing: async () => {} })
        expect(outcome).toMatchObject({ kind: 'sent', externalId: 'out-1@shop.test' })
      },
      { ca: ca() },
    )
    expect(smtp.acceptedWith('out-1@shop.test')).toHaveLength(1)
    const report = await testEmailAccount(settings, tokens.accessToken, { timing: quick, ca: ca() })
    expect(report).toMatchObject({ ok: true })
    expect(await testEmailAccount(settings, 'at-forged', { timing: quick, ca: ca() })).toMatchObject({ ok: false })
    expect(await testEmailAccount(settings, null)).toMatchObject({ steps: [{ name: 'Sign-in', ok: false }] })
  })

  test('renews a token that ran out, once for all its connections, and keeps what the provider gave instead', async () => {
    const { user, settings, tokens } = await signedIn()
    const desk = openDesk(JSON.stringify({ ...tokens, expiresAt: Date.now() - 1 }))
    const before = authority.tokenRequests.length
    await withChannel(settings, desk, () => desk.until(isOk, 'connected'), { ca: ca() })
    expect(authority.tokenRequests.slice(before).map((it) => it.get('grant_type'))).toEqual(['refresh_token'])
    const kept = parseTokens(await desk.context.secret())
    expect(kept?.refreshToken).not.toBe(tokens.refreshToken)
    await dovecot.append(user, mail('later'))
    await withChannel(settings, desk, () => desk.until((it) => it.items.length === 1, 'the mail'), { ca: ca() })
  })

  test('renews a token that the server refuses before its time, also in the middle of sending', async () => {
    const { settings, tokens } = await signedIn()
    const desk = openDesk(JSON.stringify(tokens))
    authority.expireAccess()
    await withChannel(
      settings,
      desk,
      async (channel) => {
        const outcome = await channel.send(answer('out-2@shop.test'), { committing: async () => {} })
        expect(outcome).toMatchObject({ kind: 'sent' })
        await desk.until(isOk, 'connected')
      },
      { ca: ca() },
    )
  })

  test('says in plain words that the permission was withdrawn, and does not hammer', async () => {
    const { settings, tokens } = await signedIn()
    const desk = openDesk(JSON.stringify({ ...tokens, expiresAt: 0, refreshToken: 'rt-withdrawn' }))
    const before = authority.tokenRequests.length
    await withChannel(settings, desk, async (channel) => {
      await desk.until((it) => it.states.at(-1)?.state === 'auth-failed', 'the refusal')
      expect(desk.states.at(-1)?.message).toMatch(/Google no longer accepts our sign-in.*Sign in again/)
      const outcome = await channel.send(answer('never@shop.test'), { committing: async () => {} })
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'AUTH_FAILED' }, retryAfterMs: null })
    })
    // The two connections together, and the mail.
    expect(authority.tokenRequests.length - before).toBeLessThanOrEqual(3)
  })

  test('waits while the provider cannot renew it, and goes on by itself', async () => {
    const { settings, tokens } = await signedIn()
    const desk = openDesk(JSON.stringify({ ...tokens, expiresAt: 0 }))
    authority.failTokens({ status: 503, error: 'temporarily_unavailable' })
    await withChannel(
      settings,
      desk,
      async () => {
        await desk.until((it) => it.states.at(-1)?.state === 'backing-off', 'the wait')
        expect(desk.states.at(-1)?.message).toContain('Nothing is lost')
        authority.failTokens(null)
        await desk.until(isOk, 'connected')
      },
      { ca: ca() },
    )
  })

  test('nobody signed in yet', async () => {
    const desk = openDesk(null)
    const settings: EmailSettings = { ...settingsFor(dovecot, smtp), auth: oauth() }
    await withChannel(settings, desk, () => desk.until((it) => it.states.at(-1)?.state === 'auth-failed', 'the state'))
    expect(desk.states.at(-1 - 1)?.message).toMatch(/Nobody is signed in/)
  })
})
