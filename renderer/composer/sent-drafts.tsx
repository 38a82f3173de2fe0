import { createContext, type ReactNode, useContext, useState } from 'react'
import type { Draft } from './draft.ts'

export type SentDraft = { readonly draft: Draft; readonly files: readonly File[] }

const SentDraftsContext = createContext<Map<number, SentDraft> | null>(null)

/** What was sent in this sitting, by job: a message that is taken back comes back with its files. */
export function SentDraftsProvider({ children }: { readonly children: ReactNode }) {
  const [sent] = useState(() => new Map<number, SentDraft>())
  return <SentDraftsContext value={sent}>{children}</SentDraftsContext>
}

export function useSentDrafts(): Map<number, SentDraft> {
  const sent = useContext(SentDraftsContext)
  if (!sent) throw new Error('useSentDrafts needs a SentDraftsProvider above')
  return sent
}
