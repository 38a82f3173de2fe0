import { useCallback } from 'react'
import { call } from '../rpc/call.ts'
import { useWindow } from '../shell/window-context.tsx'
import { useReport } from '../ui/report.tsx'

const notInterested = 7

/** After a call in which they said no: asks why, unless their lead is over already. */
export function useAskLost() {
  const { act } = useWindow()
  const report = useReport()
  return useCallback(
    (personId: number, outcome: number) => {
      if (outcome !== notInterested) return
      call('inbox.row', { personId }).then((row) => {
        if (row?.status !== 'open') return
        act({ do: 'dialog', dialog: { kind: 'judge', leadIds: [row.leadId], title: row.name, step: 'lost' } })
      }, report)
    },
    [act, report],
  )
}
