/**
 * Waits for a state of the outside world that announces nothing (a mailbox, a database of another process).
 * @throws the last reason when it does not come true in `withinMs`
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 60_000,
): Promise<T> {
  const until = Date.now() + withinMs
  let last: unknown
  for (;;) {
    try {
      const found = await look()
      if (found) return found
      last = found
    } catch (error) {
      last = error
    }
    if (Date.now() > until) throw new Error(`${what} did not happen in ${withinMs} ms; last seen: ${String(last)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
