import type { FormPreview, FormSettings } from '../contract.ts'
import type { FormLimits } from './limits.ts'
import type { Post } from './post.ts'
import { Refusal } from './refusal.ts'
import { type Lead, understandPost } from './understand-post.ts'

/**
 * What would be understood of a pasted sample. Nothing is checked and nothing is stored.
 * @param at ms
 */
export async function previewForm(
  settings: FormSettings,
  sample: string,
  at: number,
  limits: FormLimits,
): Promise<FormPreview> {
  const bytes = new TextEncoder().encode(sample.trim())
  const post: Post = { bytes, headers: { 'content-type': contentTypeOf(sample.trim()) }, at }
  try {
    const { provider, leads, refs, nothing } = await understandPost(post, settings, null, limits)
    const note =
      nothing ??
      (refs.length > 0
        ? `This names ${refs.length === 1 ? 'one lead' : `${refs.length} leads`} without details. Deskbell fetches them from Facebook when it is connected.`
        : leads.every((it) => it.empty)
          ? 'There are no filled fields in this.'
          : null)
    return { provider, leads: leads.filter((it) => !it.empty).map(shown), note }
  } catch (error) {
    if (error instanceof Refusal) return { provider: settings.provider ?? 'generic', leads: [], note: unreadable }
    throw error
  }
}

const shown = ({ content, source, test, spam }: Lead): FormPreview['leads'][number] => ({
  known: content.known,
  fields: [...content.fields],
  source: source.name,
  detail: source.detail,
  test,
  spam,
})

/** Samples are pasted without their headers. */
function contentTypeOf(sample: string): string {
  if (sample.startsWith('{') || sample.startsWith('[')) return 'application/json'
  const boundary = /^--([^\s"]{1,70})\r?\n/.exec(sample)?.[1]
  return boundary ? `multipart/form-data; boundary=${boundary}` : 'application/x-www-form-urlencoded'
}

const unreadable = 'This could not be read. Paste the whole body of one post: JSON, or name=value pairs.'
