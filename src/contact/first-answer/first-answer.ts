import { hour, second } from '../../lib/durations.ts'
import { DeskbellError } from '../../rpc/errors.ts'
import type { ReadCalendars } from '../../store/queries/calendars.ts'
import type { ReadStore, WriteStore } from '../../store/store.ts'
import type { Automatic } from '../queue-message.ts'
import type { Reach } from '../refusal.ts'
import { queueChat } from '../send-chat.ts'
import { queueMail } from '../send-mail.ts'
import { queueText } from '../send-text.ts'
import type { ContactDeps } from '../surroundings.ts'
import { type Asked, addressFor, askedById, openerOf, slotOf } from './asked.ts'
import type { AnswerSlot, Wording } from './contract.ts'
import type { Came } from './greet.ts'
import { readFirstAnswer, saveState } from './settings.ts'
import { tellWhyNot } from './tell-why-not.ts'
import { answeredInHour, answeredLately, refusalOfHandle, whyNot } from './why-not.ts'

/** Fills a wording for a person (nurture/templates). What stays empty without a fallback is in `missing`. */
export type FillWording = (
  store: ReadStore,
  wording: { readonly subject: string; readonly body: string },
  about: { readonly personId: number; readonly agentId: number | null },
) => Promise<{ readonly subject: string; readonly body: string; readonly missing: readonly string[] }>

export type FirstAnswerDeps = Pick<ContactDeps, 'askLine' | 'newId'> & {
  readonly fill: FillWording
  readonly readCalendars: ReadCalendars
}

/**
 * The first answer to somebody who comes to us, by itself: queued in the transaction that files what they sent, so that
 * it exists exactly when that does. Off until somebody turned it on. It stops no clock and counts as no human answer.
 */
export function makeFirstAnswer(deps: FirstAnswerDeps) {
  return async (tx: WriteStore, { leadId, isNew, missedCall }: Came, at: number): Promise<void> => {
    const { settings, state } = await readFirstAnswer(tx)
    if (state.pausedAt !== null || !Object.values(settings.slots).some((it) => it.on)) return
    // A call is answered when it is over and nobody took it, whether it opened the lead or not.
    const asked = missedCall !== null ? await askedById(tx, missedCall) : isNew ? await openerOf(tx, leadId) : undefined
    const slot = asked ? slotOf(asked) : null
    if (!asked || slot === null || !settings.slots[slot].on) return
    const tell = (words: string) => tellWhyNot(tx, asked, words, at)

    const reason = await whyNot(tx, asked, at)
    if (reason) return reason.words === null ? undefined : tell(reason.words)
    if (await answeredLately(tx, asked.person_id, at - settings.onePerHours * hour)) return
    const to = addressFor(asked, slot)
    if (to === null) return
    if (reachOf(slot) === 'sms' && to === asked.handle) await noteConsent(tx, to)
    const refusal = await refusalOfHandle(tx, asked, reachOf(slot), to)
    if (refusal) return refusal.words === null ? undefined : tell(refusal.words)
    if ((await answeredInHour(tx, at)) >= settings.mostAnHour) {
      const message = `More than ${settings.mostAnHour} people within an hour. Automatic first answers stand still until you have looked.`
      await saveState(tx, { pausedAt: at, trouble: { at, message, personId: null } })
      return tell('too many people came within an hour, so they stand still')
    }

    const { timeOf } = await deps.readCalendars(tx)
    const isOpen = timeOf('business').nextOpen(at) === at
    const about = { personId: asked.person_id, agentId: asked.owner_id }
    const filled = await deps.fill(tx, wordsOf(settings.slots[slot], isOpen), about)
    if (filled.missing.length > 0) {
      const words = `its wording asks for ${filled.missing.map((it) => `{{${it}}}`).join(' and ')}, which is not known`
      await noteTrouble(tx, asked, words, at)
      return tell(words)
    }
    try {
      const automatic = { interactionId: asked.id, notBefore: at + settings.delaySeconds * second }
      await queue(tx, deps, { asked, slot, at, ...filled, automatic })
    } catch (error) {
      // No mailbox, no number, the window of WhatsApp: checked before anything is written.
      if (!(error instanceof DeskbellError) || error.body.fault !== 'user') throw error
      const words = error.message.charAt(0).toLowerCase() + error.message.slice(1)
      await noteTrouble(tx, asked, words, at)
      await tell(words)
    }
  }
}

const wordsOf = ({ subject, inHours, afterHours }: Wording, isOpen: boolean) => ({
  subject,
  body: isOpen || afterHours === '' ? inHours : afterHours,
})

type Answer = {
  readonly asked: Asked
  readonly slot: AnswerSlot
  readonly at: number
  readonly subject: string
  readonly body: string
  readonly automatic: Automatic
}

async function queue(tx: WriteStore, deps: FirstAnswerDeps, answer: Answer): Promise<void> {
  const { asked, slot, at: now, subject, body, automatic } = answer
  const message = { personId: asked.person_id, body, templateId: null, automatic }
  const { newId, askLine } = deps
  switch (slot) {
    case 'email':
    case 'form': {
      const replyTo = slot === 'email' ? asked.id : null
      await queueMail(tx, { now, newId }, { ...message, subject, replyTo }, { files: [], link: null })
      return
    }
    case 'chat':
      await queueChat(tx, { now, newId }, message)
      return
    case 'sms':
    case 'call':
    case 'formText':
      await queueText(tx, { now, askLine }, { ...message, service: 'sms' })
      return
    case 'whatsapp':
      await queueText(tx, { now, askLine }, { ...message, service: 'whatsapp' })
  }
}

function reachOf(slot: AnswerSlot): Exclude<Reach, 'call'> {
  if (slot === 'email' || slot === 'form') return 'email'
  return slot === 'chat' || slot === 'whatsapp' ? slot : 'sms'
}

const noteTrouble = (tx: WriteStore, asked: Asked, words: string, at: number) =>
  saveState(tx, { pausedAt: null, trouble: { at, message: `Not sent: ${words}.`, personId: asked.person_id } })

/** Whoever just texted or called from a number of a list of strangers agrees to be texted there. */
const noteConsent = (tx: WriteStore, number: string) =>
  tx.db
    .updateTable('handle')
    .set({ consent: 'implied' })
    .where('kind', '=', 'phone')
    .where('value', '=', number)
    .where('consent', '=', 'none')
    .execute()
