import { DeskbellError, notFound } from '../../src/rpc/errors.ts'
import type { Answers } from './window-bridge.ts'

/** Templates, and what they look like filled in. */
export function templateAnswers(newId: () => number, changed: () => void): Answers {
  let templates = [
    {
      id: 1,
      name: 'Thanks, calling you',
      channel: 'sms' as const,
      subject: '',
      body: 'Hi {{contact.first_name | "there"}}, {{agent.first_name}} here from {{business.name}}. Calling you in two minutes.',
    },
    {
      id: 2,
      name: 'Quote follow-up',
      channel: 'email' as const,
      subject: 'Your quote',
      body: 'Hi {{contact.first_name | "there"}},\n\nhave you had a look at the quote for {{lead.request}}?',
    },
    {
      id: 3,
      name: 'Needs a company',
      channel: 'sms' as const,
      subject: '',
      body: 'Hello {{contact.company}}, is now a good time?',
    },
  ]
  const fill = (text: string) =>
    text
      .replace(/\{\{\s*contact\.first_name[^}]*\}\}/g, 'Ana')
      .replace(/\{\{agent\.first_name\}\}/g, 'Dana')
      .replace(/\{\{business\.name\}\}/g, 'Brightwater Kitchens')
      .replace(/\{\{lead\.request\}\}/g, 'the kitchen')
  return {
    'templates.list': () => ({ templates: templates.map((it) => ({ ...it, preview: fill(it.body) })) }),
    'templates.save': ({ id, ...rest }) => {
      if (/\{\{[^}]*$/.test(rest.body))
        throw new DeskbellError({
          code: 'BAD_INPUT',
          message: 'Line 1: A placeholder is not closed. End it with }}.',
          fault: 'user',
          retryable: false,
        })
      const saved = id ?? newId()
      templates = [...templates.filter((it) => it.id !== id), { ...(rest as (typeof templates)[number]), id: saved }]
      changed()
      return { id: saved }
    },
    'templates.remove': ({ id }) => {
      templates = templates.filter((it) => it.id !== id)
      changed()
      return {}
    },
    'templates.render': ({ templateId }) => {
      const it = templates.find((template) => template.id === templateId)
      if (!it) throw notFound('This template')
      const body = fill(it.body)
      return { subject: fill(it.subject), body, missing: body.includes('{{') ? ['contact.company'] : [] }
    },
  }
}
