/** The one question whose answer says most about a lead; the field names are those that the engine understands. */
export const questions = [
  {
    key: 'timeline',
    label: 'When would you like to start?',
    options: ['As soon as possible', 'Within a month', '1 to 3 months', 'I am just looking'],
  },
  {
    key: 'budget',
    label: 'What is your budget?',
    options: ['Under 1,000', '1,000 to 5,000', '5,000 to 20,000', 'Over 20,000'],
  },
  { key: 'postcode', label: 'What is your postcode?', options: null },
] as const

export type QuestionKey = (typeof questions)[number]['key']

/**
 * A form to paste into a website: name, e-mail, phone, a message and one question. `_gotcha` is invisible to people;
 * what machines fill in there gives them away.
 */
export function formSnippet(url: string, questionKey: QuestionKey): string {
  const question = questions.find((it) => it.key === questionKey) ?? questions[0]
  const answer =
    question.options === null
      ? [`<input name="${question.key}" autocomplete="postal-code">`]
      : [
          `<select name="${question.key}">`,
          '      <option value="">Please choose</option>',
          ...question.options.map((it) => `      <option>${it}</option>`),
          '    </select>',
        ]
  return [
    `<form action="${escapeAttribute(url)}" method="post" accept-charset="utf-8">`,
    '  <p><label>Your name<br>',
    '    <input name="name" autocomplete="name" required></label></p>',
    '  <p><label>E-mail<br>',
    '    <input name="email" type="email" autocomplete="email" required></label></p>',
    '  <p><label>Phone<br>',
    '    <input name="phone" type="tel" autocomplete="tel"></label></p>',
    `  <p><label>${question.label}<br>`,
    `    ${answer.join('\n')}</label></p>`,
    '  <p><label>How can we help?<br>',
    '    <textarea name="message" rows="4"></textarea></label></p>',
    '  <p hidden><label>Leave this empty <input name="_gotcha" tabindex="-1" autocomplete="off"></label></p>',
    '  <button>Send</button>',
    '</form>',
  ].join('\n')
}

const escapeAttribute = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
