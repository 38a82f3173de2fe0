import { type Command, type CommandId, commands } from './commands.ts'

/** Which keys do what: ours, what hands that know Gmail expect, or nothing that a slip of the finger could press. */
export type KeyPreset = 'deskbell' | 'gmail' | 'combinations'

export const keyPresets: readonly { readonly value: KeyPreset; readonly label: string }[] = [
  { value: 'deskbell', label: 'Deskbell' },
  { value: 'gmail', label: 'Gmail' },
  { value: 'combinations', label: 'No single keys' },
]

/** Where a preset differs from the keys in commands.ts. */
const differences: Readonly<Record<KeyPreset, Readonly<Partial<Record<CommandId, readonly string[]>>>>> = {
  deskbell: {},
  gmail: {
    open: ['Enter', 'o'],
    snooze: ['b'],
    reply: ['r', 'a'],
    assign: ['shift+a'],
    outcome: ['shift+o'],
  },
  combinations: { search: ['mod+f'], compose: ['mod+n'] },
}

/** The keys of an action under a preset; the first is the one to print. */
export function keysOf({ id, keys }: Pick<Command, 'id' | 'keys'>, preset: KeyPreset): readonly string[] {
  const own = differences[preset][id]
  if (own) return own
  const taken = new Set(Object.values(differences[preset]).flat())
  const free = keys.filter((it) => !taken.has(it))
  return preset === 'combinations' ? free.filter(isNoSlip) : free
}

/** Nothing that types a letter: Ctrl or ⌘ with something, or a key with a name. */
const isNoSlip = (keys: string) => keys.startsWith('mod+') || /^(shift\+)?(Arrow|Enter|Escape)/.test(keys)

/** All actions with the keys that they have under a preset. */
export const commandsUnder = (preset: KeyPreset): readonly Command[] =>
  commands.map((it) => ({ ...it, keys: keysOf(it, preset) }))

const byKey = new Map(commands.flatMap((it) => it.keys.map((keys) => [keys, it] as const)))

/** What to print where our own key of an action would stand; null when the action has none under the preset. */
export function shownKeys(keys: string, preset: KeyPreset): string | null {
  const command = byKey.get(keys)
  return command ? (keysOf(command, preset)[0] ?? null) : keys
}
