import type { Meaning } from '../../../vocabulary/field-names.ts'
import type { Entry } from '../read-body.ts'
import { present } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { answer } from './question.ts'

const kinds: Readonly<Record<string, Meaning>> = { email: 'email', tel: 'phone', textarea: 'message' }
// Without "Advanced data" the form's own facts stand among the answers, under these words.
const ownFacts: ReadonlySet<string> = new Set([
  'form_id',
  'form_name',
  'Date',
  'Time',
  'Page URL',
  'User Agent',
  'Remote IP',
  'Powered by',
])

/**
 * Elementor Pro, action "Webhook": urlencoded, with "Advanced data" as `fields[id][title|type|value]`, `meta[…]` and
 * `form[…]`, without it under the titles. Nothing is signed and nothing numbered.
 * Source: elementor.com/help/form-webhook-action, github.com/elementor/elementor-developers-docs (form record)
 */
export const elementor: Provider = {
  id: 'elementor',
  detect: ({ entries }) => {
    const values = byPath(entries)
    if (values.get('Powered by') === 'Elementor') return true
    return values.has('form id') && [...values.keys()].some((it) => /^fields \S+ raw_value$/.test(it))
  },
  read: ({ entries }) => {
    const values = byPath(entries)
    const ids = [
      ...new Set(entries.flatMap(({ path }) => (path.length === 3 && path[0] === 'fields' ? [path[1] ?? ''] : []))),
    ]
    const part = (id: string, name: string) => values.get(`fields ${id} ${name}`) ?? ''
    const answers = ids.map((id) =>
      answer(part(id, 'title') || id, part(id, 'value'), kinds[part(id, 'type')] ?? null, id),
    )
    return oneLead({
      answers: ids.length > 0 ? answers : entries.filter(({ path }) => !ownFacts.has(path.join(' '))),
      detail: present({
        form_id: values.get('form id') ?? values.get('form_id') ?? '',
        form: values.get('form name') ?? values.get('form_name') ?? '',
        page: values.get('meta page_url value') ?? values.get('Page URL') ?? '',
      }),
    })
  },
}

const byPath = (entries: readonly Entry[]): ReadonlyMap<string, string> =>
  new Map(entries.map(({ path, value }) => [path.join(' '), value.trim()]))
