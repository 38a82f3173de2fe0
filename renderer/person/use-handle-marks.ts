import { useMemo } from 'react'
import type { CardHandle } from '../../src/people/contract.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { useReport } from '../ui/report.tsx'

/** Whether a member may allow messages again by themselves: they wrote it down, or only a sentence read like it. */
export const liftsEasily = ({ optOut }: CardHandle) => optOut?.how === 'hand' || optOut?.how === 'phrase'

/** What can be said of an address or number by hand; each can be taken back with `z`. */
export function useHandleMarks() {
  const undo = useUndo()
  const report = useReport()
  return useMemo(() => {
    const run = (label: string, work: () => Promise<unknown>, back: () => Promise<unknown>) =>
      void work().then(
        () =>
          undo.offer({
            label,
            undo: async () => {
              await back()
            },
          }),
        report,
      )
    return {
      optOut: ({ id: handleId, kind, display }: CardHandle) =>
        run(
          `No more ${kind === 'email' ? 'mail' : 'texts'} to ${display}`,
          () => call('people.optOut', { handleId }),
          () => call('people.liftOptOut', { handleId }),
        ),
      lift: ({ id: handleId, kind, display }: CardHandle) =>
        run(
          `${kind === 'email' ? 'Mail' : 'Texts'} to ${display} allowed again`,
          () => call('people.liftOptOut', { handleId }),
          () => call('people.optOut', { handleId }),
        ),
      setWrong: ({ id: handleId, kind, display }: CardHandle, wrong: boolean) =>
        run(
          `${wrong ? 'Wrong' : 'Not wrong'} ${kind === 'email' ? 'address' : 'number'}: ${display}`,
          () => call('people.setWrong', { handleId, wrong }),
          () => call('people.setWrong', { handleId, wrong: !wrong }),
        ),
      putFirst: async ({ id: handleId, display }: CardHandle, first: boolean) => {
        try {
          const { before } = await call('people.useFirst', { handleId, first })
          undo.offer({
            label: first ? `${display} is used first` : `${display} is not used first any more`,
            undo: async () => {
              if (!first) await call('people.useFirst', { handleId, first: true })
              else if (before === null) await call('people.useFirst', { handleId, first: false })
              else await call('people.useFirst', { handleId: before, first: true })
            },
          })
        } catch (error) {
          report(error)
        }
      },
      block: async (handles: readonly CardHandle[], name: string) => {
        try {
          const { handleIds, undoId } = await call('people.block', { handleIds: handles.map((it) => it.id) })
          undo.offer({
            label: `Blocked: ${name}`,
            undo: async () => {
              await call('people.unblock', { handleIds })
              if (undoId !== null) await call('inbox.undo', { undoId })
            },
          })
        } catch (error) {
          report(error)
        }
      },
      unblock: (handles: readonly Pick<CardHandle, 'id'>[], name: string) => {
        const handleIds = handles.map((it) => it.id)
        run(
          `No longer blocked: ${name}`,
          () => call('people.unblock', { handleIds }),
          () => call('people.block', { handleIds }),
        )
      },
    }
  }, [undo, report])
}
