import type { ImportPlan, ImportRun, ImportState, ImportVerdict } from '../../src/capture/contract.ts'
import type { ChipState } from '../ui/chip.tsx'

export const count = (value: number) => new Intl.NumberFormat('en-US').format(value)

export const people = (value: number) => `${count(value)} ${value === 1 ? 'person' : 'people'}`

export const rows = (value: number) => `${count(value)} ${value === 1 ? 'row' : 'rows'}`

export const verdictNames: Readonly<Record<ImportVerdict, string>> = {
  create: 'New',
  update: 'Added to',
  duplicate: 'Nothing new',
  reject: 'Left out',
}

export const verdictChips: Readonly<Record<ImportVerdict, ChipState>> = {
  create: 'ok',
  update: 'risk',
  duplicate: 'quiet',
  reject: 'late',
}

export const stateNames: Readonly<Record<ImportState, string>> = {
  opened: 'Not checked',
  checking: 'Checking',
  checked: 'Checked, not imported',
  running: 'Importing',
  stopped: 'Stopped half way',
  done: 'Imported',
  undoing: 'Taking back',
  undone: 'Taken back',
  failed: 'Failed',
}

export const asNames: Readonly<Record<ImportPlan['as'], readonly [string, string]>> = {
  people: ['An address book', 'You can find, call and write to them. Nobody shows up in the inbox.'],
  inbound: ['They asked us', 'Badges of a fair, a sign-up list. They are leads, and an answer is due from now on.'],
  outbound: ['We want to approach them', 'They never asked. They are leads without a deadline.'],
}

export const isBusy = (state: ImportState) => state === 'checking' || state === 'running' || state === 'undoing'

export const canUndo = (state: ImportState) => state === 'done' || state === 'stopped' || state === 'failed'

/** Nothing of it is in: it may be forgotten, with its file. */
export const canDrop = (state: ImportState) => state === 'opened' || state === 'checked'

/** What a list did, or would do, in one line. */
export function outcome(run: ImportRun): string {
  const { create, update, duplicate, reject } = run.counts
  switch (run.state) {
    case 'opened':
      return 'Nothing was imported.'
    case 'checking':
    case 'running':
    case 'undoing':
      return run.total > 0 ? `${count(Math.min(run.done, run.total))} of ${rows(run.total)}` : rows(run.done)
    case 'undone':
      return run.kept > 0
        ? `${people(run.kept)} stayed, because somebody worked with them since.`
        : 'Everything is as it was before.'
    case 'failed':
      return run.problem ?? 'It broke off.'
    case 'stopped':
      return `${count(Math.min(run.done, run.total))} of ${rows(run.total)} are in.`
    case 'checked':
    case 'done':
      return [
        `${count(create)} new`,
        `${count(update)} added to`,
        duplicate > 0 ? `${count(duplicate)} nothing new` : '',
        reject > 0 ? `${count(reject)} left out` : '',
      ]
        .filter(Boolean)
        .join(' · ')
  }
}
