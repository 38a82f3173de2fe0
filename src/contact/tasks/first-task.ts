import type { ChannelKind } from '../../inbox/contract.ts'
import { requestLine } from '../../lib/request-line.ts'
import type { HandleKind } from '../../people/contract.ts'
import type { answerStep } from '../../people/next-step.ts'
import { recordEvent } from '../../store/queries/events.ts'
import { insertRow } from '../../store/queries/insert-row.ts'
import { keptQuery } from '../../store/queries/kept-query.ts'
import type { WriteStore } from '../../store/store.ts'

/**
 * Writes the first task of a lead that was just opened: how to answer it best. It has no time of its own, because it is
 * due with the clock of first contact, whatever moves that one. Nothing for a lead that was answered before it came in
 * (channels deliver out of order), and for people we want something from.
 */
export type FirstTask = (tx: WriteStore, leadId: number, at: number) => Promise<void>

/** @param howToAnswer people/next-step, which says the same on the card */
export const makeFirstTask =
  (howToAnswer: typeof answerStep): FirstTask =>
  async (tx, leadId, at) => {
    const [lead] = await leadToAnswer(tx, { leadId })
    if (lead?.status !== 'open' || lead.origin === 'outbound' || lead.first_human_at !== null) return
    const { channel, result } = lead
    const reach = new Set((await waysTo(tx, { personId: lead.person_id, valid: 1 })).map((it) => it.kind))
    const missed = channel === 'call' && (result === 'missed' || result === 'voicemail')
    const step = howToAnswer(channel === null ? null : { channel, result }, reach, missed)
    if (step === null) return
    const about = requestLine(lead.subject ?? '', lead.text ?? '')
    const words = `${step.words(lead.name || 'them')}${about ? `: ${about}` : ''}`
    const taskId = await insertRow(tx, 'task', {
      person_id: lead.person_id,
      lead_id: leadId,
      kind: step.kind,
      words,
      origin: 'rule',
      why: whyOf(channel, missed),
      created_at: at,
    })
    await recordEvent(tx, {
      at,
      type: 'task.added',
      personId: lead.person_id,
      leadId,
      text: `First task: ${words}`,
      data: { taskId },
    })
  }

function whyOf(channel: ChannelKind | null, missed: boolean): string {
  switch (channel) {
    case 'email':
      return 'They wrote an e-mail'
    case 'sms':
      return 'They texted'
    case 'whatsapp':
      return 'They wrote by WhatsApp'
    case 'chat':
      return 'They wrote in the chat'
    case 'call':
      return missed ? 'They called and nobody answered' : 'They called'
    case 'form':
      return 'They filled in a form'
    default:
      return 'A new lead wants a first answer'
  }
}

type LeadToAnswer = {
  readonly person_id: number
  readonly status: string
  readonly origin: string
  readonly first_human_at: number | null
  readonly name: string
  readonly channel: ChannelKind | null
  readonly subject: string | null
  readonly text: string | null
  readonly result: string | null
}

/** The lead with the last thing they did. */
const leadToAnswer = keptQuery<{ leadId: number }, LeadToAnswer>((db, value) =>
  db
    .selectFrom('lead')
    .innerJoin('person', 'person.id', 'lead.person_id')
    .leftJoin('interaction', (join) =>
      join.onRef('interaction.lead_id', '=', 'lead.id').on('interaction.direction', '=', 'in'),
    )
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .select(['lead.person_id', 'lead.status', 'lead.origin', 'lead.first_human_at', 'person.name'])
    .select(['interaction.channel', 'interaction.subject', 'call.result'])
    .select((it) => it.fn<string | null>('substr', ['interaction.text', it.lit(1), it.lit(1000)]).as('text'))
    .where('lead.id', '=', value('leadId'))
    .orderBy('interaction.at', 'desc')
    .orderBy('interaction.id', 'desc')
    .limit(1),
)

const waysTo = keptQuery<{ personId: number; valid: 1 }, { readonly kind: HandleKind }>((db, value) =>
  db.selectFrom('handle').select('kind').where('person_id', '=', value('personId')).where('valid', '=', value('valid')),
)
