import type { Entry } from '../read-body.ts'
import { present } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { verifyHeaderSecret } from './signature.ts'

/**
 * Contact Form 7 sends no webhooks by itself; plug-ins pass on what was posted, with its inner fields (`_wpcf7…`, codes
 * that are new for every post) and special mail tags (`_url`, `_remote_ip`). Source: contactform7.com/special-mail-tags
 */
export const contactForm7: Provider = {
  id: 'contact-form-7',
  detect: ({ entries }) => entries.some((it) => nameOf(it).startsWith('_wpcf7')),
  verify: (post, _body, secret) => verifyHeaderSecret(post, secret),
  read: ({ entries }) => {
    const special = new Map(entries.map((it) => [nameOf(it), it.value.trim()]))
    const answers = entries.filter((it) => !isInner(nameOf(it)))
    if (answers.length === 0) return null
    const serial = special.get('_serial_number')
    return oneLead({
      key: serial ? `${special.get('_wpcf7') ?? ''}:${serial}` : null,
      answers,
      detail: present({
        form_id: special.get('_wpcf7') ?? '',
        form: special.get('_contact_form_title') ?? '',
        page: special.get('_url') || special.get('_post_url') || '',
      }),
    })
  },
}

const inner =
  /^(_wpcf7.*|_(serial_number|contact_form_title|url|post_(id|name|title|url|author|author_email)|remote_ip|user_agent|date|time|site_(title|url|description|admin_email)|invalid_fields|user_(login|email|url|first_name|last_name|nickname|display_name))|g-recaptcha-response|_wpnonce)$/

const isInner = (name: string): boolean => inner.test(name)
const nameOf = ({ path }: Entry): string => path[0] ?? ''
