import type { WriteStore } from '../store/store.ts'

/**
 * The SLA clocks of a lead, told what happened to it. Every function belongs to the transaction of what it is told of.
 */
export type Clocks = {
  /** A lead was opened: starts `owned` and `first_contact` by its tier. */
  readonly opened: (tx: WriteStore, leadId: number, at: number) => Promise<void>
  /** It got an owner (or lost it: `owned` runs again). */
  readonly owned: (tx: WriteStore, leadId: number, at: number) => Promise<void>
  /** Its tier or the policy changed: running clocks get new deadlines from their old start. */
  readonly retargeted: (tx: WriteStore, leadId: number) => Promise<void>
  /** They wrote or called: starts `next_reply` unless an answer is already owed. */
  readonly asked: (tx: WriteStore, leadId: number, at: number) => Promise<void>
  /** We answered, on any channel. Only a human answer stops clocks; an automatic one is recorded. */
  readonly answered: (
    tx: WriteStore,
    leadId: number,
    answer: { readonly at: number; readonly interactionId: number; readonly human: boolean },
  ) => Promise<void>
  /** Done or not a lead: everything freezes. */
  readonly closed: (tx: WriteStore, leadId: number, at: number) => Promise<void>
}
