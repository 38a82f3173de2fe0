import type { Meaning } from '../../../vocabulary/field-names.ts'
import type { Entry, JsonObject } from '../read-body.ts'
import { isObject } from '../read-body.ts'
import { objectAt, present, textAt } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { answer } from './question.ts'
import { verifyHeaderSecret } from './signature.ts'

const kinds: Readonly<Record<string, Meaning>> = { name: 'name', email: 'email', phone: 'phone' }
const entryNames: ReadonlySet<string> = new Set(['entryid', 'formid', 'formname', 'formtitle', 'pageurl'])

/**
 * WPForms. Its Webhooks add-on sends the names that the owner chose; other plug-ins pass on the entry as the form made
 * it, `fields` by number with name, value and type. Source: wpforms.com/docs (webhooks add-on, wpforms_process_complete)
 */
export const wpforms: Provider = {
  id: 'wpforms',
  detect: ({ json }) => textAt(json, 'form_id') !== '' && rawFields(json) !== null,
  verify: (post, _body, secret) => verifyHeaderSecret(post, secret),
  read: ({ json, entries }) => {
    const fields = rawFields(json)
    const named = new Map(entries.map((it) => [plain(it), it.value.trim()]))
    const answers = fields
      ? fields.map((it) => answer(textAt(it, 'name'), textAt(it, 'value'), kinds[textAt(it, 'type')] ?? null))
      : entries.filter((it) => !entryNames.has(plain(it)))
    const entryId = named.get('entryid')
    return oneLead({
      key: entryId ? `${named.get('formid') ?? ''}:${entryId}` : null,
      answers,
      detail: present({
        form_id: named.get('formid') ?? '',
        form: named.get('formname') || named.get('formtitle') || '',
        page: named.get('pageurl') ?? '',
      }),
    })
  },
}

function rawFields(json: JsonObject | null): readonly JsonObject[] | null {
  const fields = objectAt(json, 'fields')
  if (!fields) return null
  const list = Object.values(fields).filter((it) => isObject(it))
  const whole = list.length > 0 && list.every((it) => ['name', 'value', 'type'].every((name) => name in it))
  return whole ? list : null
}

const plain = ({ path }: Entry): string =>
  (path.length === 1 ? (path[0] ?? '') : '').toLowerCase().replace(/[^a-z]/g, '')
