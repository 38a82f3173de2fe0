import { notifications } from '@mantine/notifications'
import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { TimelineEntry } from '../../src/people/contract.ts'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { type Draft, emptyDraft, restored } from './draft.ts'
import { useDrafts } from './drafts-context.tsx'
import { useFiles } from './files-context.tsx'
import { useSentDrafts } from './sent-drafts.tsx'

/** Takes a message out of the outbox and puts its words back into the composer. */
export function useTakeBack(): (jobId: number, personId: number) => Promise<void> {
  const drafts = useDrafts()
  const sent = useSentDrafts()
  const files = useFiles()
  const client = useQueryClient()
  return useCallback(
    async (jobId, personId) => {
      const { cancelled } = await call('contact.cancelSend', { jobId })
      if (!cancelled) {
        notifications.show({ color: 'red', message: 'Too late: this message has already left.' })
        return
      }
      const pages = client.getQueryData<InfiniteData<MethodOutput<'people.timeline'>>>([
        'people.timeline',
        { personId },
      ])
      const entry = pages?.pages.flatMap((page) => page.entries).find((it) => 'jobId' in it && it.jobId === jobId)
      const back = sent.get(jobId)
      const draft = back?.draft ?? draftOf(entry)
      if (draft) drafts.set(personId, restored(draft, drafts.get(personId)))
      if (back && back.files.length > 0) files.set(personId, [...back.files, ...files.get(personId)])
      await client.invalidateQueries({ queryKey: ['people.timeline', { personId }] })
    },
    [client, drafts, files, sent],
  )
}

/** Of a message that was sent before the last start only its words are left. */
function draftOf(entry: TimelineEntry | undefined): Draft | undefined {
  // A mail that was passed on was not for them: its words must not lie ready to be sent to them.
  if (entry?.direction === 'internal') return undefined
  if (entry?.kind === 'email') return { ...emptyDraft, mode: 'email', subject: entry.subject, body: entry.text }
  if (entry?.kind === 'text')
    return { ...emptyDraft, mode: entry.channel === 'chat' ? 'chat' : 'text', body: entry.text }
  return undefined
}
