export type Rate = { readonly burst: number; readonly perSecond: number }

export type RateLimit = {
  /** Takes one from the bucket of `key`. Answers 0, or in how many whole seconds to come again. */
  readonly take: (key: string, now: number) => number
}

/**
 * Token buckets, kept in memory: after a restart everybody starts full, which harms nobody.
 * @param keys how many buckets are kept; the one idle longest is forgotten first
 */
export function makeRateLimit({ burst, perSecond }: Rate, keys: number): RateLimit {
  const buckets = new Map<string, { readonly left: number; readonly at: number }>()
  return {
    take: (key, now) => {
      const before = buckets.get(key) ?? { left: burst, at: now }
      const left = Math.min(burst, before.left + (Math.max(0, now - before.at) / 1000) * perSecond)
      buckets.delete(key)
      if (buckets.size >= keys) buckets.delete(buckets.keys().next().value ?? '')
      buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now })
      return left >= 1 ? 0 : Math.ceil((1 - left) / perSecond)
    },
  }
}
