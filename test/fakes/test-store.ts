import type { AccountKind } from '../../src/channels/contract.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { EventName, EventPayload } from '../../src/rpc/contract.ts'
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
  readonly set: <K extends keyof WorkspaceSettings>(key: K, value: WorkspaceSettings[K]) => Promise<void>
}

type NewMember = { readonly onDuty?: boolean; readonly email?: string | null; readonly mobile?: string | null }

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
  sample: {},
}

/** An empty workspace with the default settings. Close it with `close()`. */
export function openTestStore(): TestStore {
  const store = openStore(':memory:', silentLog)
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
    set: (key, value) => store.write((tx) => saveSetting(tx, key, value)),
  }
}
