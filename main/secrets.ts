import { mkdir, open, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import type { SafeStorage } from 'electron'
import { z } from 'zod'
import type { SecretsBackend } from '../preload/host-contract.ts'
import type { Host } from '../src/lib/host.ts'

type Storage = Pick<
  SafeStorage,
  | 'isEncryptionAvailable'
  | 'encryptString'
  | 'decryptString'
  | 'getSelectedStorageBackend'
  | 'setUsePlainTextEncryption'
>

/** What the file holds: values locked by the system's key store, and by which one. */
const secretsFile = z.object({ backend: z.string(), values: z.record(z.string(), z.string()) })

/** Says how well passwords are kept on this computer. */
export function secretsBackend(storage: Storage, platform: NodeJS.Platform): SecretsBackend {
  if (platform === 'darwin') return { name: 'keychain', protected: true, message: 'Passwords are in your keychain.' }
  if (platform === 'win32') {
    return { name: 'dpapi', protected: true, message: 'Passwords are locked with your Windows account.' }
  }
  const name = storage.getSelectedStorageBackend()
  if (name !== 'basic_text' && name !== 'unknown') {
    return { name, protected: true, message: 'Passwords are locked in your keyring.' }
  }
  return {
    name: 'basic_text',
    protected: false,
    message:
      'This computer has no keyring, so passwords are only scrambled on disk: anyone who can read your files can read them. A password store locks them: have GNOME Keyring or KWallet installed, then start Deskbell again.',
  }
}

/**
 * Passwords and tokens, in one file of locked values. Only these are locked, never the database: when a keyring
 * disappears, people type a password again and no message is lost.
 * @param file  where they are at the time of the call: each workspace has a file of its own
 */
export function createSecrets(storage: Storage, platform: NodeJS.Platform, file: () => string): Host {
  let turn: Promise<unknown> = Promise.resolve()

  const prepare = (): string => {
    const backend = secretsBackend(storage, platform)
    // Without this Electron refuses to work at all where there is no keyring.
    if (!backend.protected) storage.setUsePlainTextEncryption(true)
    if (!storage.isEncryptionAvailable()) throw new Error('The password store of this computer is locked.')
    return backend.name
  }

  const change = (edit: (values: Record<string, string>) => void): Promise<void> => {
    const target = file()
    const work = turn.then(async () => {
      const backend = prepare()
      const values = { ...(await readSecrets(target)) }
      edit(values)
      await writeWhole(target, JSON.stringify({ backend, values } satisfies z.infer<typeof secretsFile>))
    })
    turn = work.catch(() => {})
    return work
  }

  return {
    getSecret: async (name) => {
      await turn
      const values = await readSecrets(file())
      const locked = Object.hasOwn(values, name) ? values[name] : undefined
      if (locked === undefined) return null
      prepare()
      try {
        return storage.decryptString(Buffer.from(locked, 'base64'))
      } catch {
        // Locked by a keyring that is gone or by another account: as good as never given, so it is asked again.
        return null
      }
    },
    setSecret: (name, value) =>
      change((values) => {
        values[name] = storage.encryptString(value).toString('base64')
      }),
    deleteSecret: (name) =>
      change((values) => {
        delete values[name]
      }),
  }
}

async function readSecrets(file: string): Promise<Readonly<Record<string, string>>> {
  try {
    return secretsFile.parse(JSON.parse(await readFile(file, 'utf8'))).values
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new Error('The file with the locked passwords cannot be read.')
  }
}

/** All or nothing: a power cut leaves the old file or the new one. Readable by its owner only. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.new`
  const handle = await open(temporary, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}
