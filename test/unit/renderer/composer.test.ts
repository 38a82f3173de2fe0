import { describe, expect, it } from 'vitest'
import {
  chosenWay,
  defaultMode,
  firstGap,
  gapName,
  lineDoubt,
  mailToAnswer,
  noTextsWhy,
  replySubject,
  servicesOf,
  usableHandles,
  waysTo,
  whatsAppTemplate,
} from '../../../renderer/composer/choose-channel.ts'
import { createDrafts, emptyDraft, restored } from '../../../renderer/composer/draft.ts'
import type { CardHandle, Handle, TimelineEntry } from '../../../src/people/contract.ts'

const handle = (kind: Handle['kind'], change: Partial<Handle> = {}): Handle => ({
  id: { phone: 1, email: 2, chat: 3 }[kind],
  kind,
  value: 'x',
  display: 'x',
  label: null,
  valid: true,
  optedOutAt: null,
  consent: 'implied',
  ...change,
})
const base = { at: 1, author: null, automatic: false, text: '' }
const mail = (id: number, direction: 'in' | 'out', change: object = {}): TimelineEntry => ({
  ...base,
  id,
  kind: 'email',
  channel: 'email',
  direction,
  subject: 'Quote',
  from: '',
  to: [],
  quoted: null,
  hasHtml: false,
  robot: null,
  attachments: [],
  delivery: 'received',
  problem: null,
  jobId: null,
  undoUntil: null,
  ...change,
})
const form: TimelineEntry = { ...base, id: 9, kind: 'form', channel: 'form', direction: 'in', formName: '', fields: [] }

describe('the channel of an answer', () => {
  const both = [handle('phone'), handle('email')]

  it('is the one they came in on', () => {
    expect(defaultMode(both, [form, mail(1, 'in')])).toBe('email')
    expect(defaultMode(both, [mail(1, 'in'), form])).toBe('text')
  })

  it('is the chat when they wrote there last, also by a number known from before', () => {
    const chat: TimelineEntry = { ...mail(1, 'in'), kind: 'text', channel: 'chat' } as TimelineEntry
    expect(defaultMode([...both, handle('chat')], [form, chat])).toBe('chat')
    expect(defaultMode([...both, handle('chat')], [chat, form])).toBe('text')
    // The visitor was taken out of this person again.
    expect(defaultMode(both, [chat])).toBe('text')
  })

  it('is another one when they asked for no more on that one', () => {
    const optedOut = [handle('phone', { optedOutAt: 5 }), handle('email')]
    expect(defaultMode(optedOut, [form])).toBe('email')
    expect(defaultMode([handle('phone', { valid: false })], [form])).toBe('note')
    expect(usableHandles(optedOut, 'text')).toEqual([])
  })

  describe('to a landline', () => {
    const line = (kind: NonNullable<CardHandle['line']>['kind'], told: boolean, id = 1) => ({
      ...handle('phone', { id }),
      line: { kind, told },
    })
    const told = line('landline', true)
    const guessed = line('landline', false)

    it('is no text where somebody who knows said so, and only doubted where it is a guess', () => {
      expect(lineDoubt(told)).toBe('told')
      expect(waysTo([told], 'text', [], 0)).toEqual([])
      expect(noTextsWhy([told])).toMatch(/^A landline/)
      expect(lineDoubt(guessed)).toBe('guessed')
      expect(waysTo([guessed], 'text', [], 0)).toMatchObject([{ service: 'sms' }])
      expect(noTextsWhy([guessed])).toMatch(/^Looks like a landline/)
      // Twilio tells of toll-free numbers, and some take texts.
      expect(lineDoubt(line('toll_free', true))).toBe('guessed')
      for (const kind of ['mobile', 'mobile_or_landline', 'voip', 'other'] as const) {
        expect(lineDoubt(line(kind, true))).toBeNull()
      }
      expect(lineDoubt(handle('phone'))).toBeNull()
    })

    it('is another one: another number, else a mail', () => {
      const mobile = line('mobile', false, 4)
      expect(noTextsWhy([told, mobile])).toBeNull()
      expect(waysTo([told, mobile], 'text', [], 0)).toMatchObject([{ handle: { id: 4 } }])
      expect(defaultMode([told, mobile], [form])).toBe('text')
      expect(defaultMode([told, handle('email')], [form])).toBe('email')
      expect(defaultMode([guessed, handle('email')], [form])).toBe('email')
      expect(defaultMode([guessed], [form])).toBe('text')
      expect(defaultMode([told], [form])).toBe('note')
      // They texted from it, so it takes texts, whatever the numbering plan says.
      const text = { ...mail(1, 'in'), kind: 'text', channel: 'sms' } as TimelineEntry
      expect(defaultMode([guessed, handle('email')], [text])).toBe('text')
    })

    it('is no reason against WhatsApp where they write from it', () => {
      const wrote = { ...mail(1, 'in'), kind: 'text', channel: 'whatsapp', from: 'x' } as TimelineEntry
      expect(waysTo([told], 'text', [wrote], 1)).toMatchObject([{ service: 'whatsapp' }])
    })

    it('is a template of WhatsApp only for what may be a mobile, where there is a sender', () => {
      const asked = { now: 0, isSetUp: true }
      expect(whatsAppTemplate(line('mobile', false), [], asked)).toBe('first')
      expect(whatsAppTemplate(line('mobile_or_landline', false), [], asked)).toBe('first')
      expect(whatsAppTemplate(guessed, [], asked)).toBeNull()
      expect(whatsAppTemplate(line('mobile', true), [], { now: 0, isSetUp: false })).toBeNull()
      const wrote = { ...mail(1, 'in'), kind: 'text', channel: 'whatsapp', from: 'x' } as TimelineEntry
      expect(whatsAppTemplate(line('mobile', true), [wrote], asked)).toBeNull()
      const late = { now: 25 * 60 * 60_000, isSetUp: false }
      expect(whatsAppTemplate(line('mobile', true), [wrote], late)).toBe('late')
    })
  })

  describe('of a phone', () => {
    const hour = 60 * 60_000
    const ana = handle('phone', { display: '(415) 555-0187' })
    const wrote = (channel: 'sms' | 'whatsapp', at: number, from = ana.display): TimelineEntry => ({
      ...base,
      at,
      id: at,
      kind: 'text',
      channel,
      direction: 'in',
      from,
      to: '',
      attachments: [],
      delivery: 'received',
      problem: null,
      jobId: null,
      undoUntil: null,
    })
    const ways = (entries: readonly TimelineEntry[], now: number) => servicesOf(ana, entries, now)

    it('is WhatsApp when they last wrote there, for 24 hours', () => {
      expect(ways([wrote('whatsapp', hour)], 2 * hour)).toEqual(['whatsapp', 'sms'])
      expect(ways([wrote('whatsapp', hour), wrote('sms', 2 * hour)], 3 * hour)).toEqual(['sms', 'whatsapp'])
      expect(ways([wrote('whatsapp', hour)], 25 * hour)).toEqual(['sms'])
      expect(ways([wrote('whatsapp', hour, '(415) 555-0100')], 2 * hour)).toEqual(['sms'])
      expect(ways([wrote('sms', hour)], 2 * hour)).toEqual(['sms'])
    })

    it('is what was chosen, while that is possible', () => {
      const open = waysTo([ana], 'text', [wrote('whatsapp', hour)], 2 * hour)
      expect(chosenWay(open, { handleId: null, service: null })).toEqual({ handle: ana, service: 'whatsapp' })
      expect(chosenWay(open, { handleId: 1, service: 'sms' })).toEqual({ handle: ana, service: 'sms' })
      const closed = waysTo([ana], 'text', [wrote('whatsapp', hour)], 30 * hour)
      expect(chosenWay(closed, { handleId: 1, service: 'whatsapp' })).toEqual({ handle: ana, service: 'sms' })
      expect(waysTo([handle('email')], 'email', [], 0)).toEqual([{ handle: handle('email'), service: null }])
    })
  })

  it('answers their newest mail that a human wrote', () => {
    expect(mailToAnswer([mail(1, 'in'), mail(2, 'out'), mail(3, 'in', { robot: 'auto-reply' })])?.id).toBe(1)
    expect(mailToAnswer([mail(2, 'out'), mail(4, 'out', { delivery: 'cancelled' })])?.id).toBe(2)
    expect(mailToAnswer([form])).toBeNull()
  })
})

it('puts Re: before a subject once', () => {
  expect(['Quote', 'RE: re: Quote', 'AW: Quote', 'Fwd: Re[2]: Quote', ' '].map(replySubject)).toEqual([
    'Re: Quote',
    'Re: Quote',
    'Re: Quote',
    'Re: Quote',
    '',
  ])
})

describe('gaps of a template', () => {
  it('finds the first one and names it', () => {
    expect(firstGap('Hi {{contact.company}} and {{x}}')).toEqual({ start: 3, end: 22 })
    expect(firstGap('Hi { there }')).toBeNull()
    expect(gapName('{{ contact.first_name }}')).toBe('first name of the lead')
    expect(gapName('{{lead.request | "it"}}')).toBe('request')
  })
})

describe('drafts', () => {
  const memory = () => {
    const map = new Map<string, string>()
    return {
      map,
      getItem: (key: string) => map.get(key) ?? null,
      setItem: (key: string, value: string) => void map.set(key, value),
      removeItem: (key: string) => void map.delete(key),
    }
  }

  it('are there again after a restart, per person and workspace', () => {
    const storage = memory()
    createDrafts(storage, 'business').set(7, { ...emptyDraft, mode: 'text', body: 'Hello' })
    expect(createDrafts(storage, 'business').get(7)).toMatchObject({ mode: 'text', body: 'Hello' })
    expect(createDrafts(storage, 'business').get(8)).toEqual(emptyDraft)
    expect(createDrafts(storage, 'sample').get(7)).toEqual(emptyDraft)
  })

  it('leave nothing behind when they are empty', () => {
    const storage = memory()
    const drafts = createDrafts(storage, 'business')
    drafts.set(7, { ...emptyDraft, body: 'Hello' })
    drafts.set(7, emptyDraft)
    expect(storage.map.size).toBe(0)
  })

  it('survive a broken and a full store', () => {
    const broken = { ...memory(), getItem: () => '{"body":' }
    expect(createDrafts(broken, 'business').get(1)).toEqual(emptyDraft)
    const full = {
      ...memory(),
      setItem: () => {
        throw new Error('QuotaExceededError')
      },
    }
    const drafts = createDrafts(full, 'business')
    drafts.set(1, { ...emptyDraft, body: 'kept' })
    expect(drafts.get(1).body).toBe('kept')
  })

  it('get a message that was taken back above what was begun since', () => {
    const sent = { ...emptyDraft, mode: 'text' as const, body: 'first' }
    expect(restored(sent, emptyDraft)).toEqual(sent)
    expect(restored(sent, { ...emptyDraft, body: 'second' }).body).toBe('first\n\nsecond')
  })
})
