import { useCallback } from 'react'
import { call } from '../rpc/call.ts'
import { useWindow } from '../shell/window-context.tsx'
import { useReport } from '../ui/report.tsx'

const notInterested = 7
const callbackRequested = 5

/** After a call: when to call back, if they asked for that; why not, if they said no and their lead is not over already. */
export function useAskMore() {
  const { act } = useWindow()
  const report = useReport()
  return useCallback(
    (personId: number, outcome: number, callId: number) => {
      if (outcome !== notInterested && outcome !== callbackRequested) return
      call('inbox.row', { personId }).then((row) => {
        if (outcome === callbackRequested) {
          act({ do: 'dialog', dialog: { kind: 'task', personId, name: row?.name ?? 'them', task: null, callId } })
          return
        }
        if (row?.status !== 'open') return
        act({ do: 'dialog', dialog: { kind: 'judge', leadIds: [row.leadId], title: row.name, step: 'lost' } })
      }, report)
    },
    [act, report],
  )
}
