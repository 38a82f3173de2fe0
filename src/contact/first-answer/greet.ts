import type { WriteStore } from '../../store/store.ts'

/** Somebody came to us: a new lead, or a call that nobody took. */
export type Came = {
  readonly leadId: number
  readonly personId: number
  readonly isNew: boolean
  /** The interaction of a call of theirs that is over and that nobody took. */
  readonly missedCall: number | null
}

/** What follows by itself for the one who came, after the lead has its owner: the first task, the first answer. */
export type Greet = (tx: WriteStore, came: Came, at: number) => Promise<void>
