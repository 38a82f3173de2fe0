import type { ListName } from '../../src/inbox/contract.ts'

/** Everybody by name; what comes behind it is from where on. */
export const byName = 'names:'

/** From where on a list goes by name; null for every other list. */
export const nameIn = (view: ListName): string | null => (view.startsWith(byName) ? view.slice(byName.length) : null)
