import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import type { ComposerMode } from '../shell/window-state.ts'
import { useReport } from '../ui/report.tsx'
import type { TextService } from './choose-channel.ts'
import { type Draft, emptyDraft, restored } from './draft.ts'
import { useDrafts } from './drafts-context.tsx'
import { useFiles } from './files-context.tsx'
import { draftBefore, splitForward } from './forward.ts'
import { useSentDrafts } from './sent-drafts.tsx'
import { useTakeBack } from './use-take-back.ts'

export type Outgoing = {
  readonly personId: number
  readonly name: string
  readonly mode: ComposerMode
  readonly draft: Draft
  readonly files: readonly File[]
  readonly subject: string
  readonly handleId: number | null
  /** How a text goes; null for everything else. */
  readonly service: TextService | null
  readonly replyTo: number | null
}

/**
 * Hands a message to the outbox. The composer is empty at once; what the engine refuses comes back into it.
 * Resolves true when the message is in the outbox or the note is kept.
 */
export function useSend(): (message: Outgoing) => Promise<boolean> {
  const drafts = useDrafts()
  const waiting = useFiles()
  const sent = useSentDrafts()
  const undo = useUndo()
  const takeBack = useTakeBack()
  const report = useReport()
  const client = useQueryClient()
  return useCallback(
    async (message) => {
      const { personId, mode, name } = message
      const { forward } = message.draft
      drafts.set(personId, forward ? draftBefore(message.draft) : { ...emptyDraft, mode })
      waiting.set(personId, [])
      try {
        if (mode === 'note') {
          const { interactionId } = await call('contact.addNote', { personId, text: message.draft.body })
          undo.offer({
            label: `Note about ${name}`,
            undo: async () => {
              await call('contact.showNote', { interactionId, shown: false })
              // The words come back to be changed, not to be written again.
              drafts.set(personId, restored({ ...message.draft, mode }, drafts.get(personId)))
            },
          })
        } else {
          const queued = await sendBy(mode, message)
          sent.set(queued.jobId, { draft: { ...message.draft, mode }, files: message.files })
          // What is said in a chat is said.
          if (mode !== 'chat') {
            undo.offer({
              label: `${whatWasSent(message)} to ${forward?.to ?? name}`,
              until: queued.undoUntil,
              undo: () => takeBack(queued.jobId, personId),
            })
          }
        }
        void client.invalidateQueries({ queryKey: ['people.timeline', { personId }] })
        return true
      } catch (error) {
        drafts.set(personId, restored({ ...message.draft, mode }, drafts.get(personId)))
        waiting.set(personId, message.files)
        report(error)
        return false
      }
    },
    [client, drafts, report, sent, takeBack, undo, waiting],
  )
}

function sendBy(mode: Exclude<ComposerMode, 'note'>, message: Outgoing) {
  switch (mode) {
    case 'text':
      return sendText(message)
    case 'chat':
      return sendChat(message)
    case 'email':
      return sendMail(message)
  }
}

function sendChat({ personId, draft, handleId }: Outgoing): Promise<MethodOutput<'contact.sendChat'>> {
  return call('contact.sendChat', {
    personId,
    body: draft.body,
    templateId: draft.templateId,
    ...(handleId === null ? {} : { handleId }),
  })
}

function whatWasSent({ mode, service }: Outgoing): string {
  if (mode !== 'text') return 'Mail'
  return service === 'whatsapp' ? 'WhatsApp message' : 'Text'
}

function sendText({ personId, draft, handleId, service }: Outgoing): Promise<MethodOutput<'contact.sendText'>> {
  return call('contact.sendText', {
    personId,
    body: draft.body,
    templateId: draft.templateId,
    ...(handleId === null ? {} : { handleId }),
    ...(service === null ? {} : { service }),
  })
}

async function sendMail({ personId, draft, handleId, files, replyTo, subject }: Outgoing) {
  const attachments = await Promise.all(
    files.map(async (file) => ({
      name: file.name,
      contentType: file.type || 'application/octet-stream',
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  )
  const { forward } = draft
  if (forward) {
    for (const file of forward.files) if (!file.stored) await call('people.fetchFile', { attachmentId: file.id })
    return call('contact.forwardMail', {
      personId,
      interactionId: forward.interactionId,
      to: forward.to.trim(),
      subject,
      ...splitForward(draft.body),
      attachmentIds: forward.files.map((it) => it.id),
      attachments,
    })
  }
  return call('contact.sendMail', {
    personId,
    subject,
    body: draft.body,
    replyTo,
    attachments,
    templateId: draft.templateId,
    ...(handleId === null ? {} : { handleId }),
  })
}
