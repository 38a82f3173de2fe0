import { notifications } from '@mantine/notifications'
import { useCallback } from 'react'
import type { ListName } from '../../src/inbox/contract.ts'
import { call } from '../rpc/call.ts'
import { useWindow } from '../shell/window-context.tsx'
import { useReport } from '../ui/report.tsx'

/** Marks every lead of a list, also those that were never on screen. */
export function useCheckAll(view: ListName): () => void {
  const { act } = useWindow()
  const report = useReport()
  return useCallback(() => {
    call('inbox.ids', { view }).then(({ leadIds, more }) => {
      act({ do: 'checkAll', leadIds })
      if (!more) return
      notifications.show({
        message: `The first ${leadIds.length} are marked. Do the others after them.`,
        autoClose: 5000,
      })
    }, report)
  }, [act, report, view])
}
