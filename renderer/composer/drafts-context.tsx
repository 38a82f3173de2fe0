import { createContext, type ReactNode, useCallback, useContext, useMemo, useSyncExternalStore } from 'react'
import { createDrafts, type Draft, type Drafts } from './draft.ts'

const DraftsContext = createContext<Drafts | null>(null)

export function DraftsProvider({ prefix, children }: { readonly prefix: string; readonly children: ReactNode }) {
  const drafts = useMemo(() => createDrafts(window.localStorage, prefix), [prefix])
  return <DraftsContext value={drafts}>{children}</DraftsContext>
}

export function useDrafts(): Drafts {
  const drafts = useContext(DraftsContext)
  if (!drafts) throw new Error('useDrafts needs a DraftsProvider above')
  return drafts
}

/** The draft for one person and how to change a part of it. */
export function useDraft(personId: number): readonly [Draft, (change: Partial<Draft>) => void] {
  const drafts = useDrafts()
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(personId))
  const change = useCallback(
    (part: Partial<Draft>) => drafts.set(personId, { ...drafts.get(personId), ...part }),
    [drafts, personId],
  )
  return [draft, change]
}
