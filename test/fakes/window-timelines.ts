import type { InboxRow } from '../../src/inbox/contract.ts'
import type { TimelineEntry } from '../../src/people/contract.ts'
import type { Scenario } from './window-data.ts'

const minute = 60_000

const shortText = (index: number) => ({
  kind: 'text' as const,
  channel: 'sms' as const,
  direction: index % 3 === 0 ? ('out' as const) : ('in' as const),
  text:
    index === 20
      ? 'The needle in the haystack is here'
      : `Message ${index}: ${'lorem ipsum dolor sit amet '.repeat(index % 7)}`,
  from: '(415) 555-0100',
  to: '(415) 555-0102',
})

const longMail = (index: number) => ({
  kind: 'email' as const,
  channel: 'email' as const,
  direction: index % 3 === 0 ? ('out' as const) : ('in' as const),
  subject: `Re: Re: Offer number ${index}, and what we said about it on the telephone`,
  text: Array.from({ length: index % 30 }, (_, line) => `Line ${line}, see https://example.com/offer?id=${line}`).join(
    '\n',
  ),
  from: 'Somebody <somebody@example.com>',
  to: ['dana@brightwater.example'],
  quoted: 'On Monday Dana wrote:\n> Here is the offer.',
  hasHtml: index % 16 === 5,
  robot: null,
})

/** What was said with one person; with the first of the ugly world 400 messages. */
export function timelineOf(row: InboxRow, now: number, scenario: Scenario): TimelineEntry[] {
  const base = (minutes: number, id: number) => ({
    id: row.personId * 10_000 + id,
    at: now - minutes * minute,
    author: null,
    automatic: false,
  })
  const sent = { delivery: 'delivered' as const, problem: null, jobId: null, undoUntil: null, attachments: [] }
  const list: TimelineEntry[] = [
    {
      ...base(2900, 1),
      kind: 'event',
      channel: 'note',
      direction: 'internal',
      event: 'lead.opened',
      text: `Came from ${row.source} · “kitchen remodel near me”`,
    },
    {
      ...base(2899, 2),
      kind: 'form',
      insight: {
        intent: 'quote_request',
        confidence: 97,
        corrected: false,
        urgency: 'now',
        urgencyReason: 'as soon as possible',
        jobSize: '180 sq ft',
      },
      channel: 'form',
      direction: 'in',
      text: '',
      formName: 'Website form',
      fields: [
        { label: 'Project', value: 'Kitchen remodel' },
        { label: 'Budget', value: '$18,000 – 25,000' },
        { label: 'When', value: 'This month' },
        { label: 'Postcode', value: '94110' },
        {
          label: 'Message',
          value: 'We have an L-shaped kitchen from 1987 and would like an island, if the wall can go.',
        },
      ],
    },
    {
      ...base(2898, 3),
      kind: 'event',
      channel: 'note',
      direction: 'internal',
      event: 'lead.scored',
      text: `Scored ${row.score} · ${row.tier}`,
    },
    {
      ...base(2897, 4),
      ...sent,
      kind: 'email',
      channel: 'email',
      direction: 'out',
      automatic: true,
      author: 'Dana Whitfield',
      subject: 'We got your request',
      text: 'Hi, thanks for your request. Dana will call you within five minutes from (415) 555-0142.',
      from: 'dana@brightwater.example',
      to: ['ana@lopezhome.example'],
      quoted: null,
      hasHtml: false,
      robot: null,
    },
    {
      ...base(60, 5),
      ...sent,
      delivery: 'received',
      kind: 'email',
      channel: 'email',
      direction: 'in',
      subject: 'Re: Quote for the kitchen',
      text: 'Thanks! Could you also include the worktop? Pictures here: https://example.com/plan?id=42\n\nBest, Ana',
      insight: {
        intent: 'existing_customer',
        confidence: 81,
        corrected: false,
        urgency: 'none',
        urgencyReason: '',
        jobSize: null,
      },
      from: `${row.name} <ana@lopezhome.example>`,
      to: ['dana@brightwater.example'],
      quoted: 'On Monday Dana wrote:\n> Here is the first offer.\n> It holds for 30 days.',
      hasHtml: true,
      robot: null,
      attachments: [
        { id: 71, name: 'floor plan.pdf', contentType: 'application/pdf', size: 482_113, stored: true },
        { id: 72, name: 'video.mov', contentType: 'video/quicktime', size: 48_000_000, stored: false },
      ],
    },
    {
      ...base(50, 6),
      kind: 'note',
      version: 1,
      channel: 'note',
      direction: 'internal',
      author: 'Sam Okafor',
      text: 'She compares with two other firms; price matters less than the date.',
    },
    {
      ...base(20, 7),
      ...sent,
      kind: 'text',
      channel: 'sms',
      direction: 'out',
      author: 'Dana Whitfield',
      text: 'Hi Ana, shall we say Thursday at 3 for the measuring?',
      from: '(415) 555-0100',
      to: '(415) 555-0102',
    },
    {
      ...base(18, 8),
      ...sent,
      delivery: 'received',
      kind: 'text',
      channel: 'sms',
      direction: 'in',
      text: 'Thursday works, but please call before ten, I’m in meetings after.',
      from: '(415) 555-0102',
      to: '(415) 555-0100',
    },
    {
      ...base(6, 9),
      kind: 'call',
      channel: 'call',
      direction: 'in',
      text: '',
      from: '(415) 555-0102',
      to: '(415) 555-0100',
      result: 'voicemail',
      outcome: null,
      durationMs: 4000,
      note: null,
      recording: { id: 80, name: 'voicemail.wav', contentType: 'audio/wav', size: 64_044, stored: true },
      manual: false,
      problem: null,
    },
    {
      ...base(5, 10),
      ...sent,
      kind: 'text',
      channel: 'sms',
      direction: 'out',
      automatic: true,
      text: 'Sorry we missed you, calling back in a moment.',
      from: '(415) 555-0100',
      to: '(415) 555-0102',
    },
  ]
  if (row.outbox === 'failed') {
    list.push({
      ...base(1, 11),
      ...sent,
      kind: 'text',
      channel: 'sms',
      direction: 'out',
      author: 'Dana Whitfield',
      text: 'Got it, thank you!',
      from: '(415) 555-0100',
      to: '(415) 555-0105',
      delivery: 'failed',
      problem: 'The number refuses texts. Call them, or write a mail.',
      jobId: 9001,
    })
  }
  if (scenario === 'ugly' && row.personId === 1) {
    const many = Array.from({ length: 400 }, (_, index): TimelineEntry => {
      const common = { ...base(60_000 - index * 120, 100 + index), ...sent }
      return index % 8 === 5 ? { ...common, ...longMail(index) } : { ...common, ...shortText(index) }
    })
    return [...many, ...list].sort((a, b) => a.at - b.at)
  }
  if (scenario === 'ugly' && row.personId === 2) {
    list.push({
      ...base(0.5, 20),
      ...sent,
      delivery: 'received',
      kind: 'text',
      channel: 'sms',
      direction: 'in',
      text: 'مرحبا، أريد عرض سعر لتجديد المطبخ هذا الشهر من فضلكم. رقمي 0101234567',
      from: '',
      to: '',
    })
  }
  return list
}
