import type { Inbound, TextContent } from '../channels/channel.ts'
import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import type { Batch } from './batch.ts'

/**
 * Remembers what is known of a browser that chats, in the transaction of its message: without its key it could not be
 * answered. What it gave later counts; what it gave once is not forgotten when it is left out.
 */
export async function noteVisitor(
  batch: Batch,
  { parties, at }: Inbound,
  { publicKey, page }: NonNullable<TextContent['visitor']>,
): Promise<void> {
  const given = (kind: 'chat' | 'email' | 'phone') => parties.find((it) => it.kind === kind)?.value ?? ''
  const visitor = given('chat')
  const email = normalizeEmail(given('email'))
  const phone = normalizePhone(given('phone'), batch.settings.business.country)
  const seen = Math.min(at, batch.now)
  await batch.tx.db
    .insertInto('chat_visitor')
    .values({
      visitor,
      account_id: batch.accountId,
      public_key: publicKey,
      page,
      email,
      phone,
      seen_at: seen,
      left_at: null,
    })
    .onConflict((conflict) =>
      conflict.column('visitor').doUpdateSet({
        public_key: publicKey,
        page,
        seen_at: seen,
        left_at: null,
        ...(email !== null && { email }),
        ...(phone !== null && { phone }),
      }),
    )
    .execute()
}
