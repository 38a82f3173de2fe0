import { webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openTimes } from '../../../../src/channels/chat/open-times.ts'
import { sealAnswer } from '../../../../src/channels/chat/seal-answer.ts'
import { toInbound } from '../../../../src/channels/chat/to-inbound.ts'
import { makeBusinessTime } from '../../../../src/lib/business-time.ts'
import { day, hour } from '../../../../src/lib/durations.ts'

const at = Date.UTC(2026, 10, 20, 12)

describe('when somebody is there', () => {
  const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 9 * 60, to: 17 * 60 }))

  it('is said for two weeks, from now on, without lunch and holidays', () => {
    const hours = [
      ...weekdays.filter((it) => it.weekday !== 5),
      { weekday: 5, from: 9 * 60, to: 13 * 60 + 7 },
      { weekday: 5, from: 14 * 60, to: 17 * 60 },
    ]
    const specialDay = (date: string) => (date === '2026-11-23' ? [] : null)
    // A Friday, noon in London.
    const times = openTimes(makeBusinessTime({ zone: 'Europe/London', hours, alwaysOpen: false, specialDay }), at)
    const shown = times.slice(0, 3).map(([from, to]) => [new Date(from).toISOString(), new Date(to).toISOString()])
    expect(shown).toEqual([
      ['2026-11-20T12:00:00.000Z', '2026-11-20T13:07:00.000Z'],
      ['2026-11-20T14:00:00.000Z', '2026-11-20T17:00:00.000Z'],
      ['2026-11-24T09:00:00.000Z', '2026-11-24T17:00:00.000Z'],
    ])
    expect(times.at(-1)?.[1]).toBeLessThanOrEqual(at + 14 * day)
  })

  it('around the clock is one long time that stays the same for the day', () => {
    const always = makeBusinessTime({ zone: 'UTC', hours: [], alwaysOpen: true })
    const [[, end] = [0, 0], ...others] = openTimes(always, at)
    expect(others).toEqual([])
    expect(end).toBeGreaterThan(at + 12 * day)
    expect(openTimes(always, at + hour)[0]?.[1]).toBe(end)
  })
})

describe('an answer', () => {
  const { subtle } = webcrypto
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const visitor = 'a'.repeat(32)

  async function browser() {
    const pair = (await subtle.generateKey(curve, true, ['deriveBits'])) as webcrypto.CryptoKeyPair
    const shown = Buffer.from(await subtle.exportKey('raw', pair.publicKey)).toString('base64')
    const open = async (box: string, name: string) => {
      const bytes = Buffer.from(box, 'base64')
      const other = bytes.subarray(1, 66)
      const theirs = await subtle.importKey('raw', other, curve, false, [])
      const shared = await subtle.deriveBits({ name: 'ECDH', public: theirs }, pair.privateKey, 256)
      const seed = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
      const info = Buffer.concat([Buffer.from('deskbell chat answer 1'), other, Buffer.from(shown, 'base64')])
      const how = { name: 'HKDF', hash: 'SHA-256', salt: other, info }
      const key = await subtle.deriveKey(how, seed, { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
      const lock = { name: 'AES-GCM', iv: bytes.subarray(66, 78), additionalData: Buffer.from(name) }
      return JSON.parse(Buffer.from(await subtle.decrypt(lock, key, bytes.subarray(78))).toString()) as unknown
    }
    return { shown, open }
  }

  it('is opened by the browser it is for, under the name it was given, and by nobody else', async () => {
    const [mine, other] = [await browser(), await browser()]
    const answer = { text: 'Grüße ✓', at: 5, name: 'Ana' }
    const id = 'b'.repeat(32)
    const box = await sealAnswer(mine.shown, { visitor, id }, answer)
    expect(await mine.open(box, `${visitor}/${id}`)).toEqual(answer)
    await expect(mine.open(box, `${visitor}/${'c'.repeat(32)}`)).rejects.toThrow()
    await expect(other.open(box, `${visitor}/${id}`)).rejects.toThrow()
    expect(await sealAnswer(mine.shown, { visitor, id }, answer)).not.toBe(box)
  })

  it('for a key that is none is refused', async () => {
    const name = { visitor, id: 'b'.repeat(32) }
    const nonsense = Buffer.alloc(65, 4).toString('base64')
    await expect(sealAnswer(nonsense, name, { text: '', at: 0, name: null })).rejects.toThrow()
  })

  it('is opened by the same label as in the browser', () => {
    const widget = readFileSync(new URL('../../../../resources/relay/chat-widget.js', import.meta.url), 'utf8')
    expect(widget).toContain("'deskbell chat answer 1'")
  })
})

it('a message keeps where the visitor came from; an address of an advertisement is told apart', () => {
  const message = {
    visitor: 'a'.repeat(32),
    id: 'b'.repeat(32),
    key: 'k',
    text: 'Hi',
    at: 1,
    name: ' Ana ',
    email: 'ana@example.com',
    page: 'https://shop.example/kitchens?utm_source=google&gclid=x&secret=1',
    referrer: 'https://google.com/',
  }
  const settings = {
    name: 'Shop',
    label: 'Chat',
    greeting: 'Hi',
    away: '',
    colour: '#000000',
    ask: { email: true, phone: true },
    source: 'Website chat',
  }
  const item = toInbound({ message, receivedAt: at, raw: Buffer.from('{}') }, 3, settings)
  expect(item).toMatchObject({ accountId: 3, externalId: `${'a'.repeat(32)}:${'b'.repeat(32)}`, at, direction: 'in' })
  expect(item.parties).toEqual([
    { kind: 'chat', value: 'a'.repeat(32), name: 'Ana' },
    { kind: 'email', value: 'ana@example.com', name: null },
  ])
  expect(item.source).toEqual({
    name: 'Website chat',
    detail: {
      page: 'https://shop.example/kitchens',
      referrer: 'https://google.com/',
      utm_source: 'google',
      gclid: 'x',
    },
  })
})
