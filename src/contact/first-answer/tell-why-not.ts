import { recordEvent } from '../../store/queries/events.ts'
import type { WriteStore } from '../../store/store.ts'
import type { Asked } from './asked.ts'

/** Nobody wonders later why this one got none. */
export async function tellWhyNot(tx: WriteStore, asked: Asked, words: string, at: number): Promise<void> {
  await recordEvent(tx, {
    at,
    type: 'lead.first_answer',
    personId: asked.person_id,
    leadId: asked.lead_id,
    text: `No automatic first answer: ${words.replace(/\.$/, '')}`,
    data: { interactionId: asked.id } satisfies { readonly interactionId: number },
  })
  tx.changed('interaction', asked.person_id)
}
