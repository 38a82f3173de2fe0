import { hour } from '../lib/durations.ts'
import type { ReadStore } from '../store/store.ts'

/**
 * WhatsApp lets a business write freely for this long after a person's last message; later only prepared templates
 * that WhatsApp approved. https://www.twilio.com/docs/api/errors/63016
 */
export const whatsAppWindow = 24 * hour

/** When a person last wrote by WhatsApp from a number of theirs, ms UTC; null when they never did. */
export async function lastWhatsAppFrom(store: ReadStore, personId: number, number: string): Promise<number | null> {
  const row = await store.db
    .selectFrom('interaction')
    .innerJoin('text_message', 'text_message.interaction_id', 'interaction.id')
    .select('interaction.at')
    .where('interaction.person_id', '=', personId)
    .where('interaction.channel', '=', 'whatsapp')
    .where('interaction.direction', '=', 'in')
    .where('text_message.from_number', '=', number)
    .orderBy('interaction.at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

/** Why WhatsApp would refuse a message now, in the user's words; null when it takes it. */
export async function windowRefusal(
  store: ReadStore,
  personId: number,
  number: string,
  now: number,
): Promise<string | null> {
  const last = await lastWhatsAppFrom(store, personId, number)
  if (last === null) {
    return 'WhatsApp lets a business write only after the person did, and nobody wrote from this number yet. Choose a WhatsApp template, or send a text or an e-mail instead.'
  }
  return now < last + whatsAppWindow ? null : windowOver
}

const windowOver =
  'WhatsApp lets a business write only within 24 hours of the person’s last WhatsApp message, and that time is over. Choose a WhatsApp template, or send a text or an e-mail instead.'
