import type { Clock } from '../lib/clock.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { inspectBackup, makeBackup } from '../store/backup.ts'
import { prepareRestore } from '../store/restore.ts'
import type { Store } from '../store/store.ts'
import type { settingsContract } from './contract.ts'

export type BackupDeps = {
  readonly store: Store
  /** Folder of the workspace. */
  readonly dataDir: string
  readonly clock: Clock
  /**
   * Asks for an ordered stop after which the host starts the engine again (exit code 75). Returns at once: the answer
   * of the call that asked still goes out.
   */
  readonly restart: () => void
}

type BackupContract = Pick<typeof settingsContract, 'store.backup' | 'store.inspectBackup' | 'store.restore'>

export function makeBackupHandlers({ store, dataDir, clock, restart }: BackupDeps): HandlersOf<BackupContract> {
  return {
    'store.backup': ({ path }) => makeBackup(store, dataDir, path, clock.now()),
    'store.inspectBackup': ({ path }) => inspectBackup(path),
    'store.restore': async ({ path }) => {
      const keptAs = await prepareRestore(store, dataDir, path, clock.now())
      restart()
      return { keptAs }
    },
  }
}
