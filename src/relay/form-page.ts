import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Answer, htmlPage } from './answers.ts'
import { onColour } from './chat-routes.ts'
import type { HookPage } from './wire.ts'

export type FormPage = Extract<HookPage, { readonly kind: 'form' }>

/** What a visitor typed, to be shown again beside what is wrong with it. */
type Typed = { readonly name: string; readonly email: string; readonly phone: string; readonly answer: string }

const nothing: Typed = { name: '', email: '', phone: '', answer: '' }

/** The form as a page of its own: no script, works in every browser, can be read aloud. */
export const showForm = (page: FormPage): Answer => answerForm(page, 200, nothing, null)

export function showThanks(page: FormPage): Answer {
  const whose = page.business === '' ? 'We' : page.business
  return render(
    page,
    200,
    'Thank you',
    `<h1>Thank you</h1><p role="status">Your message has arrived. ${escaped(whose)} will be in touch.</p>`,
  )
}

/**
 * Looks at what was typed as the browser would have.
 * @returns the page to show again; null when it can be taken
 */
export function checkForm(page: FormPage, request: IncomingMessage, body: Buffer): Answer | null {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return null
  const sent = new URLSearchParams(body.toString())
  const typed: Typed = {
    name: sent.get('name') ?? '',
    email: sent.get('email') ?? '',
    phone: sent.get('phone') ?? '',
    answer: sent.get(page.field) ?? '',
  }
  if (typed.name.trim() === '')
    return answerForm(page, 422, typed, { field: 'name', text: 'Please tell us your name.' })
  if (!/^[^\s@]+@[^\s@]+$/.test(typed.email.trim())) {
    return answerForm(page, 422, typed, {
      field: 'email',
      text: 'Please give an e-mail address, like name@example.com.',
    })
  }
  return null
}

type Wrong = { readonly field: 'name' | 'email'; readonly text: string }

function answerForm(page: FormPage, status: number, typed: Typed, wrong: Wrong | null): Answer {
  const title = page.business === '' ? 'Contact us' : page.business
  const problem = (field: Wrong['field']) =>
    wrong?.field === field ? `<span class="wrong" id="${field}-wrong" role="alert">${wrong.text}</span>` : ''
  const marks = (field: Wrong['field']) =>
    wrong?.field === field ? ` aria-invalid="true" aria-describedby="${field}-wrong" autofocus` : ''
  const input = (name: 'name' | 'email' | 'phone', label: string, more: string) =>
    `<p><label for="${name}">${label}</label><input id="${name}" name="${name}" value="${escaped(typed[name])}" maxlength="320" ${more}>${name === 'phone' ? '' : problem(name)}</p>`
  const answer =
    page.field === 'message'
      ? `<textarea id="answer" name="message" rows="4" maxlength="5000">${escaped(typed.answer)}</textarea>`
      : `<input id="answer" name="${page.field}" value="${escaped(typed.answer)}" maxlength="500">`
  const html = `<h1>${escaped(title)}</h1>${page.intro === '' ? '' : `<p>${escaped(page.intro)}</p>`}
<form method="post" accept-charset="utf-8">
${input('name', 'Your name', `autocomplete="name" required${marks('name')}`)}
${input('email', 'E-mail', `type="email" autocomplete="email" required${marks('email')}`)}
${input('phone', 'Phone (if you like)', 'type="tel" autocomplete="tel"')}
<p><label for="answer">${escaped(page.question)}</label>${answer}</p>
<p hidden><label>Leave this empty <input name="_gotcha" tabindex="-1" autocomplete="off"></label></p>
<p><button>Send</button></p>
</form>`
  return render(page, status, title, html)
}

function render(page: FormPage, status: number, title: string, html: string): Answer {
  const style = `:root{color-scheme:light dark}body{font:17px/1.5 system-ui,sans-serif;max-width:34rem;margin:8vh auto;padding:0 1rem}label{display:block;font-weight:600}input,textarea{font:inherit;box-sizing:border-box;width:100%;padding:.6rem;border:1px solid #808087;border-radius:8px}button{font:inherit;font-weight:600;padding:.7rem 1.6rem;border:2px solid transparent;border-radius:8px;background:${page.colour};color:${onColour(page.colour)};cursor:pointer}:focus-visible{outline:3px solid;outline-offset:2px}.wrong{display:block;font-weight:600;color:light-dark(#a3140d,#ffb4ab)}`
  const allowed = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${allowed}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
  const document = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${style}</style></head>
<body><main>${html}</main></body></html>
`
  return htmlPage(status, document, policy)
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`)
