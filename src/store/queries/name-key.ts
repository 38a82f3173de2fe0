import { fold } from './search-words.ts'

// Behind the letters of every alphabet.
const behindLetters = '\uffff'

/**
 * By what people are put in the order of their names: lower case without accents, so that Émile stands with the E;
 * numbers and whatever else is no name stand behind all names.
 */
export function nameKey(name: string): string {
  const key = fold(name).replace(/^[^\p{L}\p{N}]+/u, '')
  return /^\p{L}/u.test(key) ? key : behindLetters + key
}
