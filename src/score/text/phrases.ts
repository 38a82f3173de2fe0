import type { Intent } from './contract.ts'

/** Sentences with gaps, as in resources/text-model/phrases.json. */
export type Phrases = {
  readonly slots: Readonly<Record<string, readonly string[]>>
  readonly phrases: Readonly<Record<Intent, readonly string[]>>
}

/**
 * Every phrase a few times, with other fillings: the same trades in every intent, so that a classifier learns from what
 * is wanted and not from what it is about. The same each time.
 */
export function fillPhrases({ slots, phrases }: Phrases, times: number): { intent: Intent; text: string }[] {
  let turn = 0
  return Object.entries(phrases).flatMap(([intent, list]) =>
    list.flatMap((phrase) => {
      const filled = Array.from({ length: times }, () =>
        phrase.replace(/\{(\w+)\}/g, (_, name: string) => {
          const choices = slots[name] ?? []
          turn += 1
          return choices[(turn * 7) % choices.length] ?? ''
        }),
      )
      return [...new Set(filled)].map((text) => ({ intent: intent as Intent, text }))
    }),
  )
}
