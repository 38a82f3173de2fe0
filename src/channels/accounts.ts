import type { Selectable } from 'kysely'
import { z } from 'zod'
import { notFound } from '../rpc/errors.ts'
import type { AccountTable } from '../store/schema.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { StateReport } from './channel.ts'
import {
  type AccountKind,
  type ChatSettings,
  chatSettings,
  type EmailSettings,
  emailSettings,
  type FormSettings,
  formSettings,
  type RelaySettings,
  relaySettings,
  type TwilioSettings,
  twilioSettings,
} from './contract.ts'

export type AccountRow = Selectable<AccountTable>

/** The settings of a form with the secret part of its address beside them. */
const storedForm = formSettings.extend({ token: z.string().regex(/^[0-9a-f]{32}$/) })

export type AccountSettings =
  | { readonly kind: 'email'; readonly email: EmailSettings }
  | { readonly kind: 'twilio'; readonly twilio: TwilioSettings }
  | { readonly kind: 'form'; readonly form: FormSettings; readonly token: string }
  | { readonly kind: 'chat'; readonly chat: ChatSettings }
  | { readonly kind: 'relay'; readonly relay: RelaySettings }
  | { readonly kind: 'sample' }

/** @throws ZodError when the row was edited by hand into something else */
export function settingsOf(row: Pick<AccountRow, 'kind' | 'settings'>): AccountSettings {
  const stored: unknown = JSON.parse(row.settings)
  switch (row.kind) {
    case 'email':
      return { kind: 'email', email: emailSettings.parse(stored) }
    case 'twilio':
      return { kind: 'twilio', twilio: twilioSettings.parse(stored) }
    case 'form': {
      const { token, ...form } = storedForm.parse(stored)
      return { kind: 'form', form, token }
    }
    case 'chat':
      return { kind: 'chat', chat: chatSettings.parse(stored) }
    case 'relay':
      return { kind: 'relay', relay: relaySettings.parse(stored) }
    case 'sample':
      return { kind: 'sample' }
  }
}

/** All accounts that were not removed, oldest first. */
export const readAccounts = (store: ReadStore): Promise<AccountRow[]> =>
  store.db.selectFrom('account').selectAll().where('removed_at', 'is', null).orderBy('id').execute()

/** An account that was not removed. */
export async function readAccount(store: ReadStore, id: number): Promise<AccountRow | null> {
  const query = store.db.selectFrom('account').selectAll().where('id', '=', id).where('removed_at', 'is', null)
  return (await query.executeTakeFirst()) ?? null
}

/** @throws DeskbellError `NOT_FOUND` also when the account is of another kind */
export async function needAccount(store: ReadStore, id: number, kind?: AccountKind): Promise<AccountRow> {
  const row = await readAccount(store, id)
  if (!row || (kind && row.kind !== kind)) throw notFound('This account')
  return row
}

export type NewAccount = {
  readonly kind: AccountKind
  readonly label: string
  readonly settings: object
  readonly at: number
}

export async function insertAccount(tx: WriteStore, { kind, label, settings, at }: NewAccount): Promise<number> {
  const { id } = await tx.db
    .insertInto('account')
    .values({
      kind,
      label,
      settings: JSON.stringify(settings),
      state: 'connecting',
      state_message: 'Connecting…',
      state_detail: null,
      last_event_at: null,
      last_ok_at: null,
      last_error_at: null,
      last_error: null,
      next_retry_at: null,
      created_at: at,
      removed_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.changed('account')
  return id
}

export async function saveAccountSettings(tx: WriteStore, id: number, label: string, settings: object): Promise<void> {
  await tx.db
    .updateTable('account')
    .set({ label, settings: JSON.stringify(settings) })
    .where('id', '=', id)
    .execute()
  tx.changed('account')
}

/** From now on the account is history: its row stays for what came through it. */
export async function markAccountRemoved(tx: WriteStore, id: number, at: number): Promise<void> {
  await tx.db
    .updateTable('account')
    .set({ removed_at: at, state: 'stopped', state_message: 'Removed', next_retry_at: null })
    .where('id', '=', id)
    .execute()
  tx.changed('account')
}

/** Where polls stopped no longer means anything: the account now points at another mailbox or number. */
export async function forgetCursors(tx: WriteStore, accountId: number): Promise<void> {
  await tx.db.deleteFrom('cursor').where('account_id', '=', accountId).execute()
}

/** Writes what a channel said about itself; nothing when the account was removed meanwhile. */
export async function saveState(tx: WriteStore, id: number, report: StateReport, at: number): Promise<void> {
  const broken = report.state === 'backing-off' || report.state === 'auth-failed'
  await tx.db
    .updateTable('account')
    .set({
      state: report.state,
      state_message: report.message,
      state_detail: report.detail ?? null,
      // Back-off with jitter has fractions, which the column refuses: then the trouble would never be seen.
      next_retry_at: report.nextRetryAt === undefined ? null : Math.round(report.nextRetryAt),
      ...(report.state === 'ok' && { last_ok_at: at }),
      ...(broken && { last_error_at: at, last_error: report.message }),
    })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .execute()
  tx.changed('account')
}
