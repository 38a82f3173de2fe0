/** What text fields, buttons and the computer do with keys themselves. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/^mod\+[acvxy]$/, 'copies, pastes or takes back typing'],
  [/^mod\+(shift\+)?(arrow\w+|home|end|backspace|delete)$/, 'moves and deletes in text'],
  [/^(mod\+)?(shift\+)?enter$/, 'presses buttons, opens, and sends what you write'],
  [/^(mod\+)?(shift\+)?(tab| )$/, 'moves between fields and presses buttons'],
  [/^(mod\+)?(shift\+)?escape$/, 'goes back everywhere'],
  [/^\d$/, 'chooses from lists: an outcome, an owner, a template'],
  [/^mod\+(shift\+)?[qwhm]$/, 'closes or hides windows'],
  [
    /^(mod\+)?(shift\+)?(f\d+|dead|unidentified|process|capslock|contextmenu|audio\w+|media\w+)$/,
    'belongs to the computer',
  ],
]

/** Why a combination cannot be chosen: what it does already; null when it can. */
export function refusalOf(keys: string): string | null {
  const steps = keys.toLowerCase().split(/ (?=.)/)
  return steps.map((step) => refused.find(([pattern]) => pattern.test(step))?.[1]).find((it) => it) ?? null
}
