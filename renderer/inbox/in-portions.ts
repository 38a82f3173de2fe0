/** As many as the engine takes at once (inbox/contract). */
export const portion = 500

/**
 * Hands many leads over in portions, one after the other. Stops at the first that fails: what was done before it is
 * told, so that it can be taken back.
 */
export async function inPortions<T>(
  ids: readonly number[],
  save: (ids: number[]) => Promise<T>,
): Promise<{ readonly done: readonly T[]; readonly failure: unknown }> {
  const done: T[] = []
  for (let from = 0; from < ids.length; from += portion) {
    try {
      done.push(await save(ids.slice(from, from + portion)))
    } catch (failure) {
      return { done, failure }
    }
  }
  return { done, failure: null }
}
