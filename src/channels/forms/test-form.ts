import type { Store } from '../../store/store.ts'
import type { TestReport } from '../contract.ts'
import { signTestPost } from './test-signature.ts'

type Step = TestReport['steps'][number]

export type TestFormParts = {
  readonly store: Store
  readonly fetch: typeof fetch
  readonly accountId: number
  readonly url: string
  /** Unique to this test, so that a second one makes a second lead. */
  readonly key: string
  /** Of a form that takes signed posts only. */
  readonly secret: string | null
}

const answersWithin = 20_000

const testLead = {
  name: 'Test lead',
  email: 'test-lead@deskbell.example',
  message: 'This is a test that you started in Settings. Mark it as not a lead when you have seen it.',
}

/** Posts a marked lead the way a website does, and looks whether it is in the inbox. */
export async function testForm({ store, fetch, accountId, url, key, secret }: TestFormParts): Promise<TestReport> {
  const posted = await postForm({ fetch, url, key, secret, fields: testLead })
  if (!posted.ok) return { ok: false, steps: [posted] }
  const row = await store.read.db
    .selectFrom('inbound_item')
    .select('interaction_id')
    .where('account_id', '=', accountId)
    .where('external_id', '=', `key:${key}`)
    .executeTakeFirst()
  const arrived: Step = row?.interaction_id
    ? { name: 'In the inbox', ok: true, message: 'The test lead is in your inbox.', detail: null }
    : {
        name: 'In the inbox',
        ok: false,
        message: 'The post was taken, but no lead was made of it. Please report this.',
        detail: row ? 'stored without an interaction' : 'not stored',
      }
  return { ok: arrived.ok, steps: [posted, arrived] }
}

type FormPost = Pick<TestFormParts, 'fetch' | 'url' | 'key' | 'secret'> & {
  readonly fields: Readonly<Record<string, string>>
}

/** Posts fields the way a website does, signed when the form wants that. */
export async function postForm({ fetch, url, key, secret, fields }: FormPost): Promise<Step> {
  const name = 'Post the form'
  const body = JSON.stringify(fields)
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, ...signTestPost(body, key, secret) },
      body,
      signal: AbortSignal.timeout(answersWithin),
    })
    if (answer.ok) return { name, ok: true, message: 'The address took the form.', detail: null }
    return {
      name,
      ok: false,
      message: 'The address refused the form. Try again in a minute.',
      detail: `HTTP ${answer.status}`,
    }
  } catch (error) {
    const message = 'Nothing listens at the address of this form yet. Look at the state of the account, then try again.'
    return { name, ok: false, message, detail: String(error) }
  }
}
