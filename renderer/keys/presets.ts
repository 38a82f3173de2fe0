import { type Command, type CommandId, commands } from './commands.ts'
import { clash, type OwnKeys } from './own-keys.ts'

/** Which keys do what: ours, what hands that know other programs expect, or nothing that a slip of the finger could press. */
export type KeyPreset = 'deskbell' | 'gmail' | 'missive' | 'combinations'

/** A set of keys, and what somebody changed of it. */
export type Keymap = { readonly preset: KeyPreset; readonly own: OwnKeys }

export const keyPresets: readonly { readonly value: KeyPreset; readonly label: string }[] = [
  { value: 'deskbell', label: 'Deskbell' },
  { value: 'gmail', label: 'Gmail' },
  { value: 'missive', label: 'Missive-style' },
  { value: 'combinations', label: 'No single keys' },
]

type Keys = Readonly<Partial<Record<CommandId, readonly string[]>>>

/** Where a preset differs from the keys in commands.ts. */
const differences: Readonly<Record<KeyPreset, Keys>> = {
  deskbell: {},
  gmail: {
    open: ['Enter', 'o'],
    snooze: ['b'],
    reply: ['r', 'a'],
    assign: ['shift+a'],
    outcome: ['shift+o'],
  },
  missive: {
    open: ['Enter', 'ArrowRight'],
    back: ['Escape', 'ArrowLeft'],
    done: ['Backspace'],
    snooze: ['mod+shift+j'],
    reply: ['mod+r', 'mod+shift+r'],
    forward: ['mod+shift+f'],
    note: ['mod+shift+c'],
    assign: ['mod+shift+k'],
    merge: ['mod+shift+g'],
    compose: ['mod+n'],
    search: ['mod+f'],
    'go.inbox': ['mod+1'],
    'go.hot': ['mod+2'],
    'go.due': ['mod+3'],
    'go.mine': ['mod+4'],
    'go.waiting': ['mod+5'],
    'go.calls': ['mod+6'],
  },
  combinations: { search: ['mod+f'], compose: ['mod+n'] },
}

/** The keys of an action; the first is the one to print. */
export function keysOf({ id, keys }: Pick<Command, 'id' | 'keys'>, { preset, own }: Keymap): readonly string[] {
  const chosen = own[id]
  if (chosen) return chosen
  const byHand = Object.values(own).flat()
  return presetKeys(id, keys, preset).filter((it) => !byHand.some((taken) => clash(it, taken)))
}

function presetKeys(id: CommandId, keys: readonly string[], preset: KeyPreset): readonly string[] {
  const different = differences[preset][id]
  if (different) return different
  const taken = new Set(Object.values(differences[preset]).flat())
  const free = keys.filter((it) => !taken.has(it))
  return preset === 'combinations' || preset === 'missive' ? free.filter(isNoSlip) : free
}

/** Nothing that types a letter: Ctrl or ⌘ with something, or a key with a name. */
const isNoSlip = (keys: string) => keys.startsWith('mod+') || /^(shift\+)?(Arrow|Enter|Escape)/.test(keys)

/** All actions with the keys that they have. */
export const commandsUnder = (keymap: Keymap): readonly Command[] =>
  commands.map((it) => ({ ...it, keys: keysOf(it, keymap) }))

/** Other actions that would lose a combination if this one got it. */
export const holdersOf = (wanted: string, id: CommandId, keymap: Keymap): readonly Command[] =>
  commandsUnder(keymap).filter((it) => it.id !== id && it.keys.some((keys) => clash(keys, wanted)))

const byKey = new Map(commands.flatMap((it) => it.keys.map((keys) => [keys, it] as const)))

/** What to print where our own key of an action would stand; null when the action has none now. */
export function shownKeys(keys: string, keymap: Keymap): string | null {
  const command = byKey.get(keys)
  return command ? (keysOf(command, keymap)[0] ?? null) : keys
}

/** The key to print beside an action, or null when it has none. */
export function keyOf(id: CommandId, keymap: Keymap): string | null {
  const command = commands.find((it) => it.id === id)
  return command ? (keysOf(command, keymap)[0] ?? null) : null
}
