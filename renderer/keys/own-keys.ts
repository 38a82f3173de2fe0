import type { CommandId } from './commands.ts'

/** Keys that somebody chose for single actions, on top of a set. An empty list: the action has none. */
export type OwnKeys = Readonly<Partial<Record<CommandId, readonly string[]>>>

/** What was kept on this computer; what is not a list of keys is left out. */
export function parseOwnKeys(stored: string | undefined): OwnKeys {
  try {
    const value: unknown = JSON.parse(stored ?? '{}')
    if (typeof value !== 'object' || value === null) return {}
    const lists = Object.entries(value).filter(
      ([, keys]) => Array.isArray(keys) && keys.every((it) => typeof it === 'string' && it !== ''),
    )
    return Object.fromEntries(lists) as OwnKeys
  } catch {
    return {}
  }
}

/** Whether two combinations cannot both be: the same one, or one is the first half of the other. */
export function clash(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()]
  return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `)
}

/**
 * An action with other keys. They are taken from whatever else was given them by hand; what has them from its set loses
 * them by itself for as long as they are here (see `keysOf`).
 */
export function withKeys(own: OwnKeys, id: CommandId, keys: readonly string[]): OwnKeys {
  const others = Object.entries(own)
    .filter(([other]) => other !== id)
    .map(([other, theirs]) => [other, theirs.filter((it) => !keys.some((mine) => clash(it, mine)))])
  return { ...Object.fromEntries(others), [id]: keys }
}

/** An action with the keys of its set again. */
export function withoutOwn({ ...own }: OwnKeys, id: CommandId): OwnKeys {
  return Object.fromEntries(Object.entries(own).filter(([other]) => other !== id))
}
