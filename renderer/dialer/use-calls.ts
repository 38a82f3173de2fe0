import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useReport } from '../ui/report.tsx'

export type OpenCall = MethodOutput<'contact.openCalls'>['calls'][number]

/** The calls of this moment and what can be done with them. */
export function useCalls() {
  const open = useEngine('contact.openCalls', {}).data?.calls ?? noCalls
  const report = useReport()
  const client = useQueryClient()
  return useMemo(() => {
    const current = pickCall(open)
    const live = current && current.result !== 'ended' ? current : undefined
    const refetch = () => client.invalidateQueries({ queryKey: ['contact.openCalls'] })
    return {
      current,
      /** The call that rings or is on; none when the current one only wants its outcome. */
      live,
      others: open.length - (current ? 1 : 0),
      dial: (personId: number, handleId?: number) => {
        call('contact.dial', { personId, ...(handleId === undefined ? {} : { handleId }) }).then(refetch, report)
      },
      hangUp: () => {
        if (live) call('contact.hangUp', { interactionId: live.interactionId }).then(refetch, report)
      },
      setOutcome: (interactionId: number, outcome: number, note: string) =>
        call('contact.setOutcome', { interactionId, outcome, note }).then(refetch),
    }
  }, [open, client, report])
}

const noCalls: readonly OpenCall[] = []

/** The call to show: one that is on before one that rings before the newest that wants its outcome. */
export function pickCall(calls: readonly OpenCall[]): OpenCall | undefined {
  const rank = { in_progress: 0, ringing: 1, ended: 2 } as const
  return [...calls].sort((a, b) => rank[a.result] - rank[b.result] || b.startedAt - a.startedAt)[0]
}
