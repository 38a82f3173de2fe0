import { describe, expect, it } from 'vitest'
import { canPause, readingOf } from '../../../renderer/health/reading.ts'
import {
  chatSnippet,
  pageUrlOf,
  possibleHooks,
  publicAddresses,
  publicUrlOfForm,
  relayUrl,
  scriptOfChat,
} from '../../../renderer/settings/relay-words.ts'
import type { Account, RelayHook } from '../../../src/channels/contract.ts'

const account = (id: number, kind: Account['kind'], label: string, settings: unknown = { kind }): Account =>
  ({ id, kind, label, settings }) as Account

const hooks: RelayHook[] = [
  { kind: 'form', token: 'a', formId: 3 },
  { kind: 'twilio', token: 'b', twilioId: 9 },
  { kind: 'unsubscribe', token: 'c' },
]
const relay = {
  kind: 'relay' as const,
  relay: { url: 'https://r.example', publicUrl: 'https://r.example', workspace: 'w', hooks },
  urls: ['https://r.example/h/w/a', 'https://r.example/h/w/b', 'https://r.example/h/w/c'],
}
const accounts = [account(3, 'form', 'Contact page'), account(4, 'form', 'Quote'), account(5, 'twilio', '+1415')]

describe('addresses at a relay', () => {
  it('are named after what they are for, also when that is gone', () => {
    expect(publicAddresses(relay, accounts).map(({ label, url }) => [label, url])).toEqual([
      ['Form: Contact page', 'https://r.example/h/w/a'],
      ['A phone number that is gone', 'https://r.example/h/w/b'],
      ['“No more mail” links', null],
    ])
  })

  it('offers only what has none', () => {
    expect(possibleHooks(hooks, accounts).map((it) => it.hook)).toEqual([
      { kind: 'form', formId: 4 },
      { kind: 'twilio', twilioId: 5 },
    ])
    expect(possibleHooks([], accounts).map((it) => it.key)).toEqual(['form-3', 'form-4', 'twilio-5', 'unsubscribe'])
  })

  it('finds the address of a form', () => {
    const all = [...accounts, account(7, 'relay', 'r.example', relay)]
    expect(publicUrlOfForm(all, 3)).toBe('https://r.example/h/w/a')
    expect(publicUrlOfForm(all, 4)).toBeNull()
  })
})

describe('a chat and a page at a relay', () => {
  const hook: RelayHook = { kind: 'chat', token: 'd', chatId: 8 }
  const urls = ['https://r.example/chat/w/d.js']
  const chat = account(8, 'chat', 'Chat: Shop')
  const all = [chat, account(7, 'relay', 'r.example', { ...relay, relay: { ...relay.relay, hooks: [hook] }, urls })]

  it('has a line to paste once it has an address, and is offered one while it has none', () => {
    expect(scriptOfChat(all, 8)).toBe(urls[0])
    expect(scriptOfChat(all, 9)).toBeNull()
    expect(chatSnippet(urls[0] ?? '')).toBe('<script src="https://r.example/chat/w/d.js" async></script>')
    expect(possibleHooks([], [chat]).map((it) => it.hook)).toEqual([
      { kind: 'chat', chatId: 8 },
      { kind: 'unsubscribe' },
    ])
    expect(possibleHooks([hook], [chat]).map((it) => it.key)).toEqual(['unsubscribe'])
  })

  it('the page of a form is beside its address, whatever else is called h', () => {
    const place = `${'0'.repeat(16)}/${'a'.repeat(32)}`
    expect(pageUrlOf(`https://r.example/h/h/${place}`)).toBe(`https://r.example/h/f/${place}`)
  })
})

describe('the address of a relay as it is typed', () => {
  it.each([
    ['relay.example.com', 'https://relay.example.com'],
    [' https://relay.example.com/ ', 'https://relay.example.com'],
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787'],
    ['relay.example.com/bell/', 'https://relay.example.com/bell'],
    ['', null],
    ['a b', null],
    ['ftp://relay.example.com', null],
  ])('%j is %j', (typed, wanted) => {
    expect(relayUrl(typed)).toBe(wanted)
  })
})

describe('the first reading', () => {
  const mailbox = { done: 3200, total: 12_000, paused: false, leftOut: [] }

  it('says how far it is', () => {
    expect(readingOf({ mailbox })).toEqual({ text: 'Reading old mail: 3,200 of 12,000', percent: 26, paused: false })
    expect(readingOf({ mailbox: { ...mailbox, paused: true } })?.text).toBe(
      'Old mail is paused at 3,200 of 12,000. New mail still comes in.',
    )
  })

  it('is not finished before the last mail, and then not shown', () => {
    expect(readingOf({ mailbox: { ...mailbox, done: 11_999 } })?.percent).toBe(99)
    expect(readingOf({ mailbox: { ...mailbox, done: 12_000 } })).toBeNull()
    expect(readingOf({ mailbox: { ...mailbox, done: 0, total: 0 } })).toBeNull()
    expect(readingOf({})).toBeNull()
  })

  it('can be held only while the mailbox runs', () => {
    expect(canPause({ state: 'ok' })).toBe(true)
    expect(canPause({ state: 'backing-off' })).toBe(true)
    expect(canPause({ state: 'auth-failed' })).toBe(false)
  })
})
