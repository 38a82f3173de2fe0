import { companyFromEmail } from '../../../src/enrich/company.ts'
import { phoneRegion } from '../../../src/enrich/phone-region.ts'
import { changeLeads } from '../../../src/inbox/change-leads.ts'
import { makePeopleHandlers, type PeopleDeps } from '../../../src/people/handlers.ts'
import { makeScoreLead } from '../../../src/score/score-lead.ts'
import type { JobTable, MailTable } from '../../../src/store/schema.ts'
import { makeTestRoute } from '../../fakes/route.ts'
import { type Inbox, openInbox } from '../inbox/leads.ts'

export type People = Inbox & {
  readonly people: ReturnType<typeof makePeopleHandlers>
  /** Makes an interaction a mail. */
  readonly mail: (interactionId: number, values: Partial<MailTable>) => Promise<unknown>
  /** A file on an interaction, null for one that was too large to fetch. Answers its id. */
  readonly file: (
    interactionId: number,
    name: string,
    bytes: Uint8Array | null,
    more?: { readonly contentType?: string; readonly contentId?: string; readonly size?: number },
  ) => Promise<number>
  readonly job: (personId: number, interactionId: number, values: Partial<Omit<JobTable, 'id'>>) => Promise<number>
}

/** The inbox of the inbox tests, and the people in it. */
export async function openPeople(channels: PeopleDeps['channels'] = { of: () => null }): Promise<People> {
  const inbox = await openInbox()
  const { store, clock, clocks } = inbox
  const people = makePeopleHandlers({
    store,
    clock,
    channels,
    stages: {
      phoneRegion,
      companyFromEmail,
      queueLookups: async () => {},
      scoreLead: makeScoreLead(),
      routeLead: makeTestRoute(clocks).routeLead,
      clocks,
      firstTask: async () => {},
    },
    changeLeads,
  })
  return {
    ...inbox,
    people,
    mail: (interactionId, values) =>
      store.write((tx) =>
        tx.db
          .insertInto('mail')
          .values({
            interaction_id: interactionId,
            message_id: null,
            thread_id: interactionId,
            from_address: 'ana@x.example',
            to_addresses: '[]',
            cited: '[]',
            html: null,
            robot: null,
            ...values,
          })
          .execute(),
      ),
    file: async (interactionId, name, bytes, { contentType = 'application/pdf', contentId, size } = {}) => {
      const blob = bytes && (await store.blobs.put(bytes))
      return store.write(async (tx) => {
        const { id } = await tx.db
          .insertInto('attachment')
          .values({
            interaction_id: interactionId,
            name,
            content_type: contentType,
            size: size ?? bytes?.byteLength ?? 0,
            content_id: contentId ?? null,
            blob,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        return id
      })
    },
    job: async (personId, interactionId, values) => {
      const accountId = await store.addAccount('email')
      return store.write(async (tx) => {
        const { id } = await tx.db
          .insertInto('job')
          .values({
            kind: 'email',
            account_id: accountId,
            person_id: personId,
            interaction_id: interactionId,
            payload: '{}',
            template_id: null,
            state: 'queued',
            not_before: clock.now(),
            attempts: 0,
            claimed_at: null,
            last_error: null,
            created_at: clock.now(),
            updated_at: clock.now(),
            ...values,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        return id
      })
    },
  }
}
