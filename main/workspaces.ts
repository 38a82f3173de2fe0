import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Workspace } from '../preload/host-contract.ts'

export type SampleKind = 'brightwater' | 'ugly'

/** The folders of data under the app's own, and which of them is open. */
export type Workspaces = {
  readonly current: () => Workspace
  /** Of the open one. */
  readonly folder: () => string
  /** The locked passwords of the open one. Beside the data and not in it: a copied folder must not carry them. */
  readonly secretsFile: () => string
  /** How the engine is told. */
  readonly engineArgs: () => readonly string[]
  readonly sampleExists: () => boolean
  /** Opens the other one from now on and after the next start. */
  readonly choose: (workspace: Workspace) => void
  /** Only while the business is open: nothing may be deleted under a running engine. */
  readonly deleteSample: () => Promise<void>
}

/**
 * @param home  the app's own folder
 * @param demo  the sample that the command line asks for; not remembered. Every kind has its own folder.
 */
export function createWorkspaces(home: string, demo: SampleKind | null): Workspaces {
  const memory = path.join(home, 'workspace')
  const kind = demo ?? 'brightwater'
  const sample = kind === 'brightwater' ? 'sample' : `sample-${kind}`
  let current: Workspace = demo ? 'sample' : remembered(memory)
  const name = (workspace: Workspace) => (workspace === 'sample' ? sample : 'business')
  const folderOf = (workspace: Workspace) => path.join(home, name(workspace))
  const secretsOf = (workspace: Workspace) => path.join(home, 'secrets', `${name(workspace)}.json`)
  return {
    current: () => current,
    folder: () => folderOf(current),
    secretsFile: () => secretsOf(current),
    engineArgs: () => ['--data', folderOf(current), ...(current === 'sample' ? [`--sample=${kind}`] : [])],
    sampleExists: () => existsSync(folderOf('sample')),
    choose: (workspace) => {
      current = workspace
      mkdirSync(home, { recursive: true })
      writeFileSync(memory, workspace)
    },
    deleteSample: async () => {
      if (current === 'sample') throw new Error('The sample is open.')
      await rm(folderOf('sample'), { recursive: true, force: true })
      await rm(secretsOf('sample'), { force: true })
    },
  }
}

function remembered(file: string): Workspace {
  try {
    return readFileSync(file, 'utf8') === 'sample' ? 'sample' : 'business'
  } catch {
    return 'business'
  }
}
