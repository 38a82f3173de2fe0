import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from 'react'

export type Files = {
  readonly get: (personId: number) => readonly File[]
  readonly set: (personId: number, files: readonly File[]) => void
  readonly subscribe: (listener: () => void) => () => void
}

const none: readonly File[] = []

/** Files waiting in composers. They stay while people go from lead to lead, and until the window closes. */
export function createFiles(): Files {
  const known = new Map<number, readonly File[]>()
  const listeners = new Set<() => void>()
  return {
    get: (personId) => known.get(personId) ?? none,
    set: (personId, files) => {
      known.set(personId, files)
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const FilesContext = createContext<Files | null>(null)

export function FilesProvider({ children }: { readonly children: ReactNode }) {
  const [files] = useState(createFiles)
  return <FilesContext value={files}>{children}</FilesContext>
}

export function useFiles(): Files {
  const files = useContext(FilesContext)
  if (!files) throw new Error('useFiles needs a FilesProvider above')
  return files
}

export function useFilesOf(personId: number): readonly File[] {
  const files = useFiles()
  return useSyncExternalStore(files.subscribe, () => files.get(personId))
}
