import { sql } from 'kysely'
import { hour } from '../../lib/durations.ts'
import { keptQuery } from '../../store/queries/kept-query.ts'
import type { Clocks } from '../clocks.ts'

// "Call back Tuesday at 3": a call on Monday about something else is not the one that was promised.
const early = hour

/**
 * Clocks that tell tasks of an answer, too: the first task of a lead is done by any human answer, what somebody wrote
 * down by hand only by the same kind of answer, at its time or later. (That a lead is done or no lead ends its tasks needs
 * no telling: see `isOpenTask`.)
 */
export const withTasks = (clocks: Clocks): Clocks => ({
  ...clocks,
  answered: async (tx, leadId, answer) => {
    await clocks.answered(tx, leadId, answer)
    const { at, interactionId, human } = answer
    if (human) await endAnswered(tx, { leadId, at, interactionId, dueBefore: at + early })
  },
})

type Answered = { leadId: number; at: number; interactionId: number; dueBefore: number }

const endAnswered = keptQuery<Answered, unknown>((db, value) =>
  db
    .updateTable('task')
    .set((it) => ({
      done_at: value('at'),
      ended_by: 'answer' as const,
      done_by: it.selectFrom('interaction').select('author_id').where('id', '=', value('interactionId')),
    }))
    .where('lead_id', '=', value('leadId'))
    .where('done_at', 'is', null)
    .where('removed_at', 'is', null)
    .where((it) =>
      it.or([
        it.and([
          it('origin', '=', 'rule'),
          // Providers tell late what was written early: before they came it answered nothing.
          it.exists(
            it
              .selectFrom('lead')
              .select('lead.id')
              .whereRef('lead.id', '=', 'task.lead_id')
              .where('opened_at', '<=', value('at')),
          ),
        ]),
        it.and([
          it('origin', '=', 'hand'),
          it('created_at', '<=', value('at')),
          it('due_at', '<=', value('dueBefore')),
          sql<boolean>`kind = (select case channel when 'call' then 'call' when 'email' then 'email'
            when 'sms' then 'text' when 'whatsapp' then 'text' when 'chat' then 'text' end
            from interaction where id = ${value('interactionId')})`,
        ]),
      ]),
    ),
)
