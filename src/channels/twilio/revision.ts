/**
 * What is stored of the provider's view of an item. `open:` ones may still change and are looked at again.
 * A call of ours keeps the lead's number at the end (`>+1415…`): until the lead's leg exists, Twilio cannot say whom
 * the call is for.
 */
export type Revision = string

export function revisionOf(final: boolean, view: string, lead: string | null = null): Revision {
  return `${final ? 'done' : 'open'}:${view}${lead === null ? '' : `>${lead}`}`
}

export const OPEN = 'open:'

/** Twilio does not have it any more: it stays as it was, and is not asked for again. */
export const GONE: Revision = 'done:gone'

export const isDone = (revision: Revision): boolean => revision.startsWith('done:')

/** The lead's number kept in the revision of a call of ours. */
export function leadOf(revision: Revision | undefined): string | null {
  return revision === undefined ? null : (/>(.+)$/.exec(revision)?.[1] ?? null)
}

/** SID of the recording that is kept of a call. */
export const recordingOf = (revision: Revision): string | null => /:(RE\w+)/.exec(revision)?.[1] ?? null
