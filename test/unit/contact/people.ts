import { tuesdayMorning } from '../../fakes/fake-clock.ts'
import { ownAddress, type TestStore } from '../../fakes/test-store.ts'

export const anaMail = 'ana@lopez-home.example'
export const anaPhone = '+14155550187'

type NewPerson = {
  readonly name?: string
  readonly nameRank?: number
  readonly email?: string | null
  readonly phone?: string | null
}

/** A person with an address and a number. Answers the id. */
export function addPerson(
  store: TestStore,
  { name = 'Ana Lopez', nameRank = 1, email = null, phone = null }: NewPerson,
): Promise<number> {
  return store.write(async (tx) => {
    const at = tuesdayMorning
    const { id } = await tx.db
      .insertInto('person')
      .values({
        name,
        name_rank: nameRank,
        company: null,
        title: null,
        region: null,
        zone: null,
        created_at: at,
        updated_at: at,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const handles = [
      { kind: 'email' as const, value: email },
      { kind: 'phone' as const, value: phone },
    ]
    for (const { kind, value } of handles) {
      if (value === null) continue
      await tx.db
        .insertInto('handle')
        .values({ person_id: id, kind, value, label: null, opted_out_at: null, last_used_at: at, created_at: at })
        .execute()
    }
    return id
  })
}

/** An open lead of a person, opened at `tuesdayMorning`. Answers the id. */
export function addLead(store: TestStore, personId: number): Promise<number> {
  return store.write(async (tx) => {
    const { id } = await tx.db
      .insertInto('lead')
      .values({
        person_id: personId,
        status: 'open',
        owner_id: null,
        owner_reason: null,
        source: 'Test',
        source_detail: '{}',
        score: 50,
        tier: 'warm',
        opened_at: tuesdayMorning,
        done_at: null,
        snoozed_until: null,
        first_auto_at: null,
        first_human_at: null,
        clock_kind: null,
        clock_started_at: null,
        risk_at: null,
        due_at: null,
        last_at: tuesdayMorning,
        last_channel: 'email',
        last_direction: 'in',
        preview: '',
        missed_call: 0,
        outbox: 'idle',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  })
}

type NewMail = {
  readonly personId: number
  readonly leadId: number | null
  readonly accountId: number | null
  readonly subject?: string
  readonly messageId?: string | null
  readonly cited?: readonly string[]
  readonly from?: string
  readonly at?: number
}

/** A mail from a person. Answers the id of the interaction. */
export function addMail(
  store: TestStore,
  {
    personId,
    leadId,
    accountId,
    subject = 'Kitchen',
    messageId = 'first@ana.example',
    cited = [],
    from = anaMail,
    at = tuesdayMorning,
  }: NewMail,
): Promise<number> {
  return store.write(async (tx) => {
    const { id } = await tx.db
      .insertInto('interaction')
      .values({
        person_id: personId,
        lead_id: leadId,
        account_id: accountId,
        channel: 'email',
        direction: 'in',
        at,
        author_id: null,
        automatic: 0,
        subject,
        text: 'Could you send me a quote?',
        quoted: null,
        delivery: 'received',
        problem: null,
        created_at: at,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx.db
      .insertInto('mail')
      .values({
        interaction_id: id,
        message_id: messageId,
        thread_id: id,
        from_address: from,
        to_addresses: JSON.stringify([ownAddress]),
        cited: JSON.stringify(cited),
        html: null,
        robot: null,
      })
      .execute()
    return id
  })
}
