/**
 * What the engine asks of whoever started it. Secrets live with the host (the desktop's keychain through safeStorage),
 * never in the database, a log or the environment.
 */
export type Host = {
  readonly getSecret: (name: string) => Promise<string | null>
  readonly setSecret: (name: string, value: string) => Promise<void>
  readonly deleteSecret: (name: string) => Promise<void>
}

/** The name of the secret of an account. */
export const accountSecret = (accountId: number) => `account-${accountId}`
