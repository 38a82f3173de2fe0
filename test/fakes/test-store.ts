import BetterSqlite3 from 'better-sqlite3'
import type { AccountKind } from '../../src/channels/contract.ts'
import type { LeadStatus, Tier } from '../../src/inbox/contract.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { EventName, EventPayload } from '../../src/rpc/contract.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations/all.ts'
import { openStore } from '../../src/store/open.ts'
import { saveSetting, type WorkspaceSettings } from '../../src/store/queries/settings.ts'
import type { Announcement, Store } from '../../src/store/store.ts'
import { tuesdayMorning } from './fake-clock.ts'

/** A real SQLite database in memory, with what every test needs to see. */
export type TestStore = Store & {
  /** Everything announced since the start, oldest first. */
  readonly announcements: readonly Announcement[]
  /** Payloads of one event. */
  readonly announced: <E extends EventName>(name: E) => EventPayload<E>[]
  readonly forget: () => void
  /** Answers the new account's id. */
  readonly addAccount: (kind: AccountKind, settings?: object) => Promise<number>
  /** Answers the new member's id. */
  readonly addMember: (name: string, more?: NewMember) => Promise<number>
  /** A person with an open lead that nothing happened to yet. */
  readonly addLead: (more?: NewLead) => Promise<{ readonly leadId: number; readonly personId: number }>
  readonly set: <K extends keyof WorkspaceSettings>(key: K, value: WorkspaceSettings[K]) => Promise<void>
}

type NewMember = { readonly onDuty?: boolean; readonly email?: string | null; readonly mobile?: string | null }

type NewLead = {
  readonly name?: string
  readonly tier?: Tier
  readonly score?: number
  readonly ownerId?: number | null
  readonly status?: LeadStatus
  readonly openedAt?: number
}

/** The address and number of the business in tests. */
export const ownAddress = 'office@bright-kitchens.example'
export const ownNumber = '+14155550100'

const accountSettings: Record<AccountKind, object> = {
  email: {
    address: ownAddress,
    name: 'Bright Kitchens',
    imap: { host: '127.0.0.1', port: 143, security: 'none', user: ownAddress },
    smtp: { host: '127.0.0.1', port: 25, security: 'none', user: ownAddress },
  },
  twilio: { accountSid: `AC${'0'.repeat(32)}`, number: ownNumber, baseUrl: null },
  form: { name: 'Website', source: 'Website form', mapping: {} },
  chat: {
    name: 'Bright Kitchens',
    label: 'Chat with us',
    greeting: 'Hello! How can we help?',
    away: 'We are closed right now.',
    colour: '#1f2e6e',
    ask: { email: true, phone: false },
    source: 'Website chat',
  },
  relay: { url: 'http://127.0.0.1:1', publicUrl: 'http://127.0.0.1:1', workspace: '0'.repeat(16), hooks: [] },
  sample: {},
}

/** To migrate from nothing takes sixty times as long as to begin with what comes out of it. */
const empty = emptyDatabase()

function emptyDatabase(): Buffer {
  const database = new BetterSqlite3(':memory:')
  migrate(database, migrations)
  const bytes = database.serialize()
  database.close()
  return bytes
}

/** An empty workspace with the default settings. Close it with `close()`. */
export function openTestStore(): TestStore {
  const store = openStore(empty, silentLog)
  const announcements: Announcement[] = []
  store.onCommit((added) => announcements.push(...added))
  return {
    ...store,
    // A test (or the engine under test) may listen, too.
    onCommit: (listener) =>
      store.onCommit((added) => {
        announcements.push(...added)
        listener(added)
      }),
    announcements,
    announced: <E extends EventName>(name: E) =>
      announcements.filter((it) => it.name === name).map((it) => it.payload as EventPayload<E>),
    forget: () => void announcements.splice(0),
    addAccount: (kind, settings = {}) =>
      store.write(async (tx) => {
        const { id } = await tx.db
          .insertInto('account')
          .values({
            kind,
            label: kind,
            settings: JSON.stringify({ ...accountSettings[kind], ...settings }),
            state: 'ok',
            state_message: 'Connected',
            created_at: tuesdayMorning,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        return id
      }),
    addMember: (name, { onDuty = true, email = null, mobile = null } = {}) =>
      store.write(async (tx) => {
        const { id } = await tx.db
          .insertInto('member')
          .values({ name, email, mobile, on_duty: onDuty ? 1 : 0, created_at: tuesdayMorning, removed_at: null })
          .returning('id')
          .executeTakeFirstOrThrow()
        return id
      }),
    addLead: (more = {}) =>
      store.write(async ({ db }) => {
        const { name = 'Ana Lopez', openedAt = tuesdayMorning, status = 'open' } = more
        const { id: personId } = await db
          .insertInto('person')
          .values({
            name,
            name_rank: 1,
            company: null,
            title: null,
            region: null,
            zone: null,
            created_at: openedAt,
            updated_at: openedAt,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        const { id: leadId } = await db
          .insertInto('lead')
          .values({
            person_id: personId,
            status,
            owner_id: more.ownerId ?? null,
            owner_reason: null,
            source: 'E-mail',
            source_detail: '{}',
            score: more.score ?? 70,
            tier: more.tier ?? 'hot',
            opened_at: openedAt,
            done_at: status === 'open' ? null : openedAt,
            snoozed_until: null,
            first_auto_at: null,
            first_human_at: null,
            clock_kind: null,
            clock_started_at: null,
            risk_at: null,
            due_at: null,
            last_at: openedAt,
            last_channel: 'email',
            last_direction: 'in',
            preview: '',
            missed_call: 0,
            outbox: 'idle',
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        return { leadId, personId }
      }),
    set: (key, value) => store.write((tx) => saveSetting(tx, key, value)),
  }
}
