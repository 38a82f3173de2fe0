import type { OutcomeChoices } from './contract.ts'

/** What a new workspace starts with. */
export const defaultChoices: Omit<OutcomeChoices, 'currency'> = {
  lostReasons: [
    'Too expensive',
    'Went with somebody else',
    'Bad timing',
    'No answer any more',
    'Not interested',
    'We could not do it',
    'Other',
  ],
  disqualifiedReasons: [
    'Outside our area',
    'Not a service we offer',
    'Budget too small',
    'Wrong number',
    'Do not call',
    'Other',
  ],
  rules: [],
}
