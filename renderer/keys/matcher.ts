import type { Command, CommandId } from './commands.ts'

export type Press = {
  readonly key: string
  /** Place of the key on the keyboard, for layouts without Latin letters. */
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  /** When it was pressed, ms of any origin. Not when we hear of it: a window that is busy hears of both halves late. */
  readonly timeStamp: number
}

export const chordMs = 1500

/** Finds the action of a key press and remembers the first half of a chord such as `g i` for a moment. */
export function createKeyMatcher(commands: readonly Command[]) {
  const byKeys = new Map<string, CommandId>()
  const prefixes = new Set<string>()
  for (const command of commands) {
    for (const keys of command.keys) {
      byKeys.set(normal(keys), command.id)
      const [first, second] = normal(keys).split(' ')
      if (first && second) prefixes.add(first)
    }
  }
  let held: { readonly step: string; readonly at: number } | undefined

  return {
    /** `pending` means the press began a chord; its second half may follow. */
    press: (press: Press): CommandId | 'pending' | undefined => {
      const step = stepOf(press)
      if (step === undefined) return undefined
      const first = held && press.timeStamp - held.at <= chordMs ? held.step : undefined
      held = undefined
      const chord = first ? byKeys.get(`${first} ${step}`) : undefined
      if (chord) return chord
      if (prefixes.has(step)) {
        held = { step, at: press.timeStamp }
        return 'pending'
      }
      return byKeys.get(step)
    },
  }
}

/** Whether a press must be left to a field: everything but combinations with Ctrl or ⌘, and Escape. */
export function belongsToField(press: Press, typing: boolean): boolean {
  if (!typing) return false
  // Ctrl+Z in a field takes back typing, not the last action.
  if (press.ctrlKey || press.metaKey) return press.key.toLowerCase() === 'z'
  return press.key !== 'Escape'
}

/** A press as it is written in a map of keys: `shift+e`, `mod+k`; nothing for Shift and its like alone, and with Alt. */
export function stepOf(press: Press): string | undefined {
  if (press.altKey || ['Shift', 'Control', 'Meta', 'Alt'].includes(press.key)) return undefined
  const latin = /^[\u0020-\u007e]$/.test(press.key) || press.key.length > 1
  const key = (latin ? press.key : press.code.replace(/^Key/, '')).toLowerCase()
  const letter = /^[a-z]$/.test(key) || key.length > 1
  const parts = [press.ctrlKey || press.metaKey ? 'mod' : '', press.shiftKey && letter ? 'shift' : '', key]
  return parts.filter(Boolean).join('+')
}

const normal = (keys: string) => keys.toLowerCase()
