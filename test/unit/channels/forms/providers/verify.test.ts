import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { FormProvider } from '../../../../../src/channels/contract.ts'
import type { Post } from '../../../../../src/channels/forms/post.ts'
import { answerHandshake } from '../../../../../src/channels/forms/providers/meta.ts'
import { signTestPost } from '../../../../../src/channels/forms/test-signature.ts'
import { minute, second } from '../../../../../src/lib/durations.ts'
import { fixture, jsonPost, now, understand } from './samples.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const hmac = (key: string | Buffer, text: string, form: 'hex' | 'base64') =>
  createHmac('sha256', key).update(text).digest(form)

type Signer = (body: string, key: string, at: number) => Record<string, string>
type Scheme = {
  readonly provider: FormProvider
  readonly file: string
  readonly sign: Signer
  readonly header: string
  /** How long a signature holds; null where the scheme has no time. */
  readonly tolerance: number | null
}

const standardKey = (key: string) => Buffer.from(key.replace('whsec_', ''), 'base64')
const schemes: readonly Scheme[] = [
  {
    provider: 'meta',
    file: 'meta-webhook.json',
    sign: (body, key) => ({ 'x-hub-signature-256': `sha256=${hmac(key, body, 'hex')}` }),
    header: 'x-hub-signature-256',
    tolerance: null,
  },
  {
    provider: 'typeform',
    file: 'typeform.json',
    sign: (body, key) => ({ 'typeform-signature': `sha256=${hmac(key, body, 'base64')}` }),
    header: 'typeform-signature',
    tolerance: null,
  },
  {
    provider: 'webflow',
    file: 'webflow.json',
    sign: (body, key, at) => ({
      'x-webflow-timestamp': String(at),
      'x-webflow-signature': hmac(key, `${at}:${body}`, 'hex'),
    }),
    header: 'x-webflow-signature',
    tolerance: 5 * minute,
  },
  {
    provider: 'calendly',
    file: 'calendly-created.json',
    sign: (body, key, at) => {
      const t = Math.floor(at / second)
      return { 'calendly-webhook-signature': `t=${t},v1=${hmac(key, `${t}.${body}`, 'hex')}` }
    },
    header: 'calendly-webhook-signature',
    tolerance: 3 * minute,
  },
  {
    provider: 'standard',
    file: 'standard.json',
    sign: (body, key, at) => {
      const t = Math.floor(at / second)
      return {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(t),
        'webhook-signature': `v1,${hmac(standardKey(key), `msg_1.${t}.${body}`, 'base64')}`,
      }
    },
    header: 'webhook-signature',
    tolerance: 5 * minute,
  },
  {
    provider: 'gravity',
    file: 'gravity.json',
    sign: (_body, key) => ({ authorization: `Bearer ${key}` }),
    header: 'authorization',
    tolerance: null,
  },
  {
    provider: 'generic',
    file: 'wpforms.json',
    sign: (_body, key) => ({ 'x-webhook-secret': key }),
    header: 'x-webhook-secret',
    tolerance: null,
  },
]

const refused = { name: 'Refusal', status: 401 }
const other = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

describe.each(schemes)('$provider', ({ provider, file, sign, header, tolerance }) => {
  const body = fixture(file)
  const take = (post: Post, key = secret) => understand(post, { provider, signed: true }, key)
  const signed = (at = now, key = secret) => jsonPost(body, sign(body, key, at))

  it('takes what is signed with the secret', async () => {
    const { leads, refs } = await take(signed())
    expect(leads.length + refs.length).toBe(1)
  })

  it('knows the same delivery again by its key', async () => {
    const keys = async () => {
      const { leads, refs } = await take(signed())
      return [...leads.map((it) => it.key), ...refs.map((it) => it.id)]
    }
    expect(await keys()).toEqual(await keys())
    expect((await keys())[0]).toBeTruthy()
  })

  it('refuses another secret, no signature, an empty one and a broken one', async () => {
    await expect(take(signed(now, other))).rejects.toMatchObject(refused)
    await expect(take(jsonPost(body))).rejects.toMatchObject(refused)
    const headers = sign(body, secret, now)
    const given = headers[header] ?? ''
    for (const broken of [
      '',
      'x',
      given.slice(0, -3),
      `${given}a`,
      given.replace(/.$/, (it) => (it === 'A' ? 'B' : 'A')),
    ]) {
      await expect(take(jsonPost(body, { ...headers, [header]: broken })), broken).rejects.toMatchObject(refused)
    }
  })

  it.runIf(header !== 'authorization' && header !== 'x-webhook-secret')('refuses a changed body', async () => {
    const post = jsonPost(body.replace('"', ' "'), sign(body, secret, now))
    await expect(take(post)).rejects.toMatchObject(refused)
  })

  it.runIf(tolerance !== null)('refuses what is stale or from the future, and a time that was changed', async () => {
    const limit = tolerance ?? 0
    for (const at of [now - limit + 2 * second, now + limit - 2 * second]) {
      const { leads } = await take(signed(at))
      expect(leads).toHaveLength(1)
    }
    for (const at of [now - limit - 2 * second, now + limit + 2 * second]) {
      await expect(take(signed(at))).rejects.toMatchObject(refused)
    }
    const old = sign(body, secret, now - 60 * minute)
    const fresh = sign(body, secret, now)
    for (const name of Object.keys(old).filter((it) => it.includes('timestamp'))) {
      await expect(take(jsonPost(body, { ...old, [name]: fresh[name] ?? '' }))).rejects.toMatchObject(refused)
      await expect(take(jsonPost(body, { ...fresh, [name]: 'soon' }))).rejects.toMatchObject(refused)
    }
  })
})

describe('Google', () => {
  const take = (body: string, key: string) => understand(jsonPost(body), { provider: 'google', signed: true }, key)
  const body = fixture('google.json')

  it('compares the key in the body', async () => {
    expect((await take(body, 'brightwater-key-7')).leads).toHaveLength(1)
    await expect(take(body, 'brightwater-key-8')).rejects.toMatchObject(refused)
    await expect(take(body, 'brightwater-key-7 ')).rejects.toMatchObject(refused)
    await expect(take(body.replace('"google_key": "brightwater-key-7",', ''), 'x')).rejects.toMatchObject(refused)
  })
})

describe('Standard Webhooks', () => {
  const body = fixture('standard.json')
  const t = now / second
  const signature = (key: string) => `v1,${hmac(standardKey(key), `msg_1.${t}.${body}`, 'base64')}`
  const headersWith = (signatures: string, prefix = 'webhook') => ({
    [`${prefix}-id`]: 'msg_1',
    [`${prefix}-timestamp`]: String(t),
    [`${prefix}-signature`]: signatures,
  })
  const take = (headers: Record<string, string>, key = secret) =>
    understand(jsonPost(body, headers), { provider: 'standard', signed: true }, key)

  it('takes any of several signatures while the sender exchanges its secret', async () => {
    const { leads } = await take(headersWith(`v1a,ed25519== ${signature(other)} ${signature(secret)}`))
    expect(leads).toHaveLength(1)
    await expect(take(headersWith(`v1a,ed25519== ${signature(other)}`))).rejects.toMatchObject(refused)
  })

  it('takes any of several secrets while we exchange ours', async () => {
    expect((await take(headersWith(signature(other)), `${secret} ${other}`)).leads).toHaveLength(1)
  })

  it('takes the names of Svix, and refuses another id', async () => {
    expect((await take(headersWith(signature(secret), 'svix'))).leads).toHaveLength(1)
    const headers = { ...headersWith(signature(secret)), 'webhook-id': 'msg_2' }
    await expect(take(headers)).rejects.toMatchObject(refused)
  })

  it('an empty secret signs nothing', async () => {
    await expect(take(headersWith(signature('whsec_')), 'whsec_')).rejects.toMatchObject(refused)
  })
})

describe('a generic form with a secret', () => {
  const take = (post: Post) => understand(post, { provider: 'generic', signed: true }, secret)

  it('checks a post by the scheme of whoever it is from', async () => {
    const body = fixture('typeform.json')
    const headers = { 'typeform-signature': `sha256=${hmac(secret, body, 'base64')}` }
    expect((await take(jsonPost(body, headers))).provider).toBe('typeform')
    await expect(take(jsonPost(body))).rejects.toMatchObject(refused)
  })

  it('takes nothing unsigned by looking like somebody who signs nothing', async () => {
    const body = JSON.stringify({ 'Powered by': 'Elementor', Name: 'Eve' })
    await expect(take(jsonPost(body))).rejects.toMatchObject(refused)
  })
})

describe('a test lead of our own', () => {
  it('passes every scheme with its own signature, and only with its key', async () => {
    const body = JSON.stringify({ name: 'Test lead' })
    const headers = { 'idempotency-key': 'test-1', ...signTestPost(body, 'test-1', secret) }
    const take = (more: Record<string, string>) =>
      understand(jsonPost(body, { ...headers, ...more }), { provider: 'google', signed: true }, secret)
    expect((await take({})).leads[0]?.key).toBe('test-1')
    await expect(take({ 'idempotency-key': 'test-2' })).rejects.toMatchObject(refused)
  })
})

describe('the handshake of Meta', () => {
  const ask = (query: string) => answerHandshake(new URLSearchParams(query), 'abc123')
  it.each([
    ['hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=abc123', '1158201444'],
    ['hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=abc124', null],
    ['hub.mode=subscribe&hub.challenge=1158201444', null],
    ['hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=abc123', null],
    ['hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=abc123', null],
    ['hub.mode=subscribe&hub.verify_token=abc123', null],
  ])('%s', (query, answer) => {
    expect(ask(query)).toBe(answer)
  })
})
