import type { ComposerMode } from '../shell/window-state.ts'
import type { TextService } from './choose-channel.ts'

/** What is being written to one person. `mode` null: nothing was chosen, so it follows the channel they came in on. */
export type Draft = {
  readonly mode: ComposerMode | null
  readonly subject: string
  readonly body: string
  readonly handleId: number | null
  /** Null: the way they last wrote. */
  readonly service: TextService | null
  readonly templateId: number | null
  /** Set while a mail is passed on to somebody else. */
  readonly forward: Forward | null
}

/** A mail of theirs that goes on to somebody else. */
export type Forward = {
  readonly interactionId: number
  readonly to: string
  /** Those of its files that go with it. */
  readonly files: readonly {
    readonly id: number
    readonly name: string
    readonly size: number
    readonly stored: boolean
  }[]
  /** What was being written to the person, for afterwards. */
  readonly kept: { readonly mode: ComposerMode | null; readonly subject: string; readonly body: string }
}

export const emptyDraft: Draft = {
  mode: null,
  subject: '',
  body: '',
  handleId: null,
  service: null,
  templateId: null,
  forward: null,
}

export type Drafts = {
  readonly get: (personId: number) => Draft
  readonly set: (personId: number, draft: Draft) => void
  readonly subscribe: (listener: () => void) => () => void
}

/**
 * Drafts per person, kept on this computer so that neither a restart nor a crash costs a sentence.
 * @param prefix  keeps the drafts of the sample business apart: its people have the same numbers
 */
export function createDrafts(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, prefix: string): Drafts {
  const known = new Map<number, Draft>()
  const listeners = new Set<() => void>()
  const keyOf = (personId: number) => `deskbell.draft.${prefix}.${personId}`
  return {
    get: (personId) => {
      const draft = known.get(personId) ?? parse(storage.getItem(keyOf(personId)))
      known.set(personId, draft)
      return draft
    },
    set: (personId, draft) => {
      known.set(personId, draft)
      try {
        if (draft.body === '' && draft.subject === '' && draft.forward === null) storage.removeItem(keyOf(personId))
        else storage.setItem(keyOf(personId), JSON.stringify(draft))
      } catch {
        // No room left in the browser's store: the draft lives until the window closes.
      }
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Puts a message that was taken back into the composer, above what was begun since. */
export function restored(sent: Draft, current: Draft): Draft {
  if (sent.forward) {
    const { mode, subject, body } = current
    return { ...sent, forward: { ...sent.forward, kept: { mode, subject, body } } }
  }
  if (current.body.trim() === '') return sent
  return { ...sent, body: `${sent.body}\n\n${current.body}` }
}

function parse(stored: string | null): Draft {
  if (stored === null) return emptyDraft
  try {
    const value: unknown = JSON.parse(stored)
    if (typeof value !== 'object' || value === null) return emptyDraft
    const { mode, subject, body, handleId, service, templateId, forward } = value as Record<string, unknown>
    return {
      mode: isMode(mode) ? mode : null,
      subject: typeof subject === 'string' ? subject : '',
      body: typeof body === 'string' ? body : '',
      handleId: typeof handleId === 'number' ? handleId : null,
      service: service === 'sms' || service === 'whatsapp' ? service : null,
      templateId: typeof templateId === 'number' ? templateId : null,
      forward: parseForward(forward),
    }
  } catch {
    return emptyDraft
  }
}

const isMode = (value: unknown): value is ComposerMode =>
  value === 'text' || value === 'email' || value === 'chat' || value === 'note'

function parseForward(value: unknown): Forward | null {
  if (typeof value !== 'object' || value === null) return null
  const { interactionId, to, files, kept } = value as Record<string, unknown>
  if (typeof interactionId !== 'number' || typeof to !== 'string') return null
  const { mode, subject, body } = (kept ?? {}) as Record<string, unknown>
  return {
    interactionId,
    to,
    files: Array.isArray(files) ? (files as Forward['files']) : [],
    kept: {
      mode: isMode(mode) ? mode : null,
      subject: typeof subject === 'string' ? subject : '',
      body: typeof body === 'string' ? body : '',
    },
  }
}
