import type { Business } from '../../src/settings/contract.ts'

export type Surroundings = {
  /** IANA zone of this computer. */
  readonly zone: string
  /** Languages the user reads, best first: "de-AT", "en". */
  readonly languages: readonly string[]
}

/**
 * A business that was never saved starts with the zone of this computer and the country of its language. What was
 * saved once is left alone.
 */
export function firstGuess(business: Business, { zone, languages }: Surroundings): Business {
  if (business.name !== '') return business
  return { ...business, zone, country: countryOf(languages) ?? business.country }
}

function countryOf(languages: readonly string[]): string | null {
  for (const language of languages) {
    try {
      const { region } = new Intl.Locale(language)
      if (region && /^[A-Z]{2}$/.test(region)) return region
    } catch {
      // Not a language tag; the next one may be.
    }
  }
  return null
}

export const thisComputer = (): Surroundings => ({
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  languages: navigator.languages,
})
