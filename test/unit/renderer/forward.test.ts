import { describe, expect, it } from 'vitest'
import { createDrafts, emptyDraft, restored } from '../../../renderer/composer/draft.ts'
import {
  draftBefore,
  forwardDraft,
  forwardSubject,
  isAddress,
  type MailEntry,
  mailToForward,
  splitForward,
} from '../../../renderer/composer/forward.ts'

const place = { locale: 'en-GB', zone: 'UTC' }

const mail = (id: number, more: Partial<MailEntry> = {}): MailEntry => ({
  kind: 'email',
  id,
  at: Date.UTC(2026, 2, 3, 9),
  channel: 'email',
  direction: 'in',
  author: null,
  automatic: false,
  subject: 'Re: Kitchen',
  text: 'Could you send me a quote?',
  from: 'Ana <ana@example.com>',
  to: ['sales@example.com'],
  quoted: '> earlier',
  hasHtml: false,
  robot: null,
  delivery: 'received',
  problem: null,
  attachments: [{ id: 7, name: 'plan.pdf', contentType: 'application/pdf', size: 9, stored: true }],
  jobId: null,
  undoUntil: null,
  ...more,
})

describe('passing a mail on', () => {
  it('takes the mail that is pointed at, else the newest that came', () => {
    const list = [mail(1), mail(2), mail(3, { direction: 'out' }), mail(4, { direction: 'internal' })]
    expect(mailToForward(list, 1)?.id).toBe(1)
    expect(mailToForward(list, null)?.id).toBe(2)
    expect(mailToForward(list, 99)?.id).toBe(2)
    expect(mailToForward(list.slice(2), null)?.id).toBe(4)
    expect(mailToForward([mail(1, { delivery: 'cancelled' })], null)).toBeNull()
  })

  it('puts the whole mail below what we say, and finds it there again', () => {
    const draft = forwardDraft(mail(1), emptyDraft, place)
    expect(draft).toMatchObject({ mode: 'email', subject: 'Fwd: Re: Kitchen', forward: { interactionId: 1, to: '' } })
    for (const part of ['Ana <ana@example.com>', 'sales@example.com', 'Could you send me a quote?', '> earlier'])
      expect(draft.body).toContain(part)
    const { body, quoted } = splitForward(`Friday?\n${draft.body}`)
    expect(body).toBe('Friday?')
    expect(quoted).toBe(draft.body.trim())
    expect(splitForward('only mine')).toEqual({ body: 'only mine', quoted: '' })
  })

  it('keeps the answer that was being written, also through a second mail and a taking back', () => {
    const answer = { ...emptyDraft, mode: 'text' as const, body: 'Dear Ana' }
    const first = forwardDraft(mail(1), answer, place)
    expect(draftBefore(forwardDraft(mail(2), first, place))).toEqual(answer)
    const back = restored(first, { ...answer, body: 'Dear Ana, and more' })
    expect(back.body).toBe(first.body)
    expect(draftBefore(back).body).toBe('Dear Ana, and more')
  })

  it('is there after a restart', () => {
    const storage = new Map<string, string>()
    const kept = {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, value),
      removeItem: (key: string) => void storage.delete(key),
    }
    const draft = forwardDraft(mail(1), { ...emptyDraft, body: 'Dear Ana' }, place)
    createDrafts(kept, 'x').set(5, draft)
    expect(createDrafts(kept, 'x').get(5)).toEqual(draft)
  })

  it('says Fwd: once, and knows an address', () => {
    expect(forwardSubject('FW: Fwd: Kitchen')).toBe('Fwd: Kitchen')
    expect(forwardSubject('  ')).toBe('Fwd: a mail')
    expect(['a@b.example', ' a@b.example ', 'a@b', 'a b@c.example', ''].map(isAddress)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
