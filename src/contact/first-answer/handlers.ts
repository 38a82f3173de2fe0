import type { ChannelKind } from '../../inbox/contract.ts'
import type { Clock } from '../../lib/clock.ts'
import { day } from '../../lib/durations.ts'
import { badInput, DeskbellError } from '../../rpc/errors.ts'
import type { HandlersOf } from '../../rpc/serve.ts'
import type { ReadStore, Store } from '../../store/store.ts'
import { type AnswerSlot, answerSlots, type FirstAnswerSettings, type firstAnswerContract } from './contract.ts'
import type { FillWording } from './first-answer.ts'
import { noTrouble, readFirstAnswer, saveFirstAnswer, saveState } from './settings.ts'

export type FirstAnswerHandlersDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly fill: FillWording
  /** @throws DeskbellError `BAD_INPUT` with the place of a mistake (nurture/templates) */
  readonly refuseMistake: (where: 'subject' | 'text', source: string) => void
}

/** Answers `contact/first-answer/contract.ts`. */
export function makeFirstAnswerHandlers({
  store,
  clock,
  fill,
  refuseMistake,
}: FirstAnswerHandlersDeps): HandlersOf<typeof firstAnswerContract> {
  const refuseBad = ({ slots }: FirstAnswerSettings) => {
    for (const slot of answerSlots) {
      const { on, subject, inHours, afterHours } = slots[slot]
      refuseMistake('subject', subject)
      refuseMistake('text', inHours)
      refuseMistake('text', afterHours)
      if (on && inHours === '') throw badInput('One of the first answers has no words. Write some, or turn it off.')
      if (on && slot === 'form' && subject === '') {
        throw badInput('The mail that answers a form has no subject. Write one, or turn it off.')
      }
    }
  }

  return {
    'firstAnswer.get': async () => {
      const { settings, state } = await readFirstAnswer(store.read)
      return { settings, ...state, ...(await countAnswers(store.read, clock.now() - day)) }
    },
    'firstAnswer.save': async ({ settings }) => {
      refuseBad(settings)
      await store.write(async (tx) => {
        const { state } = await readFirstAnswer(tx)
        await saveFirstAnswer(tx, settings)
        await saveState(tx, { ...state, trouble: null })
      })
      return {}
    },
    'firstAnswer.resume': async () => {
      await store.write((tx) => saveState(tx, noTrouble))
      return {}
    },
    'firstAnswer.preview': async ({ slot, subject, body }) => {
      const about = await newestLead(store.read, slot)
      if (!about) return null
      const { name, ...of } = about
      try {
        refuseMistake('subject', subject)
        refuseMistake('text', body)
      } catch (error) {
        if (!(error instanceof DeskbellError)) throw error
        return { name, subject, body, missing: [], mistake: error.message }
      }
      const filled = await fill(store.read, { subject, body }, of)
      return { name, ...filled, missing: [...filled.missing], mistake: null }
    },
  }
}

async function countAnswers(store: ReadStore, since: number): Promise<{ sent: number; waiting: number }> {
  const rows = await store.db
    .selectFrom('job')
    .select('state')
    .where('answers_id', 'is not', null)
    .where('created_at', '>', since)
    .execute()
  const waiting = rows.filter((it) => it.state === 'queued' || it.state === 'sending' || it.state === 'committing')
  return { sent: rows.filter((it) => it.state === 'sent').length, waiting: waiting.length }
}

const channelOf = (slot: AnswerSlot): ChannelKind => (slot === 'formText' ? 'form' : slot)

/** The newest lead that came by this way; the newest of all when none did. */
async function newestLead(store: ReadStore, slot: AnswerSlot) {
  const leads = (channel: ChannelKind | null) =>
    store.db
      .selectFrom('lead')
      .innerJoin('person', 'person.id', 'lead.person_id')
      .select(['lead.person_id as personId', 'lead.owner_id as agentId', 'person.name'])
      .where('lead.merged_into', 'is', null)
      .where('lead.origin', '=', 'inbound')
      .$if(channel !== null, (query) => query.where('lead.last_channel', '=', channel))
      .orderBy('lead.id', 'desc')
      .limit(1)
      .executeTakeFirst()
  return (await leads(channelOf(slot))) ?? (await leads(null))
}
