import type { Account } from '../../src/channels/contract.ts'
import type { Settings } from '../../src/settings/contract.ts'

export const stepIds = ['business', 'you', 'mailbox', 'phone', 'form', 'deadlines', 'done'] as const
export type StepId = (typeof stepIds)[number]

/** The form of a step whose button stands in the footer. */
export const stepFormId = 'setup-step'

export const isStepId = (value: unknown): value is StepId => stepIds.some((it) => it === value)

export type StepWords = { readonly short: string; readonly title: string; readonly why: string }

export const stepWords: Readonly<Record<StepId, StepWords>> = {
  business: {
    short: 'Business',
    title: 'Your business',
    why: 'Deadlines run only while you are open, and leads from near you score higher.',
  },
  you: {
    short: 'You',
    title: 'You',
    why: 'Leads get an owner. You are the first; you can add the others in Settings later.',
  },
  mailbox: {
    short: 'Mailbox',
    title: 'Your mailbox',
    why: 'New mail becomes leads, and your answers go out from your own address.',
  },
  phone: {
    short: 'Phone',
    title: 'Your phone number',
    why: 'Missed calls and texts become leads, and you call and text back from the same number. This needs a Twilio account.',
  },
  form: {
    short: 'Web form',
    title: 'Your web form',
    why: 'What people send on your website is in your inbox a second later.',
  },
  deadlines: {
    short: 'Deadlines',
    title: 'How fast you answer',
    why: 'Whoever answers first usually gets the job. Each lead gets a clock; this is how long it runs.',
  },
  done: { short: 'Ready', title: 'Ready', why: '' },
}

/** The steps that are done, told by what the engine has and not by what was clicked. */
export function stepsDone(
  settings: Pick<Settings, 'business' | 'me'>,
  accounts: readonly Pick<Account, 'kind'>[],
  deadlinesSeen: boolean,
): ReadonlySet<StepId> {
  const has = (kind: Account['kind']) => accounts.some((it) => it.kind === kind)
  const done = new Set<StepId>()
  if (settings.business.name !== '') done.add('business')
  if (settings.me !== null) done.add('you')
  if (has('email')) done.add('mailbox')
  if (has('twilio')) done.add('phone')
  if (has('form')) done.add('form')
  if (deadlinesSeen) done.add('deadlines')
  return done
}

/** Steps that are one form: the footer saves them. */
export const isFormStep = (id: StepId) => id === 'business' || id === 'you'

export function stepAfter(id: StepId): StepId {
  return stepIds[stepIds.indexOf(id) + 1] ?? 'done'
}

export function stepBefore(id: StepId): StepId | null {
  return stepIds[stepIds.indexOf(id) - 1] ?? null
}
