import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FormSettings } from '../../../../../src/channels/contract.ts'
import { formLimits } from '../../../../../src/channels/forms/limits.ts'
import type { Post } from '../../../../../src/channels/forms/post.ts'
import { understandPost } from '../../../../../src/channels/forms/understand-post.ts'

/** When the sample posts come in: shortly after they were sent. */
export const now = Date.UTC(2026, 2, 2, 9, 30)

export const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../../fixtures/forms', name), 'utf8')

export const jsonPost = (body: string, headers: Record<string, string> = {}): Post => ({
  bytes: Buffer.from(body),
  headers: { 'content-type': 'application/json', ...headers },
  at: now,
})

export const urlencodedPost = (body: string): Post => ({
  bytes: Buffer.from(body),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  at: now,
})

/** The fields of a JSON fixture as a multipart body, the way Jotform posts. */
export async function multipartPost(fields: Readonly<Record<string, string>>): Promise<Post> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const request = new Response(form)
  const type = request.headers.get('content-type') ?? ''
  return { bytes: new Uint8Array(await request.arrayBuffer()), headers: { 'content-type': type }, at: now }
}

export const settings: FormSettings = { name: 'Website', source: 'Website', mapping: {} }

export const understand = (post: Post, more: Partial<FormSettings> = {}, secret: string | null = null) =>
  understandPost(post, { ...settings, ...more }, secret, formLimits)

/** The only lead of a post, in the parts that matter. */
export async function onlyLead(post: Post, more: Partial<FormSettings> = {}) {
  const { provider, leads } = await understand(post, more)
  const [lead] = leads
  if (!lead || leads.length > 1) throw new Error(`${leads.length} leads`)
  return {
    provider,
    known: lead.content.known,
    fields: Object.fromEntries(lead.content.fields.map(({ label, value }) => [label, value])),
    source: lead.source.name,
    detail: lead.source.detail,
    key: lead.key,
    submittedAt: lead.submittedAt,
    test: lead.test,
    parties: lead.parties,
  }
}
