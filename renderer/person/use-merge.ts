import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { MethodInput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { useReport } from '../ui/report.tsx'

type Pair = { readonly personId: number; readonly otherId: number }

/** Makes two people one, or says that they are not, each with the way back. */
export function useMerge() {
  const undo = useUndo()
  const report = useReport()
  const client = useQueryClient()
  return useMemo(() => {
    // The list of all looks at everybody: it is fetched again only when somebody decided something.
    const refresh = () => void client.invalidateQueries({ queryKey: ['people.allDuplicates'] })
    return {
      /** @throws DeskbellError when they could not be merged */
      merge: async (input: MethodInput<'people.merge'>, names: readonly [string, string]): Promise<void> => {
        const { mergeId } = await call('people.merge', input)
        refresh()
        undo.offer({
          label: `Merged: ${names[0]} and ${names[1]}`,
          undo: async () => {
            await call('people.unmerge', { mergeId })
            // Taking apart also says that they are not the same. Somebody who only chose the wrong name did not.
            await call('people.maybeSame', { personId: input.keptId, otherId: input.goneId })
            refresh()
          },
        })
      },
      notSame: (pair: Pair, name: string): void => {
        call('people.notSame', pair).then(() => {
          refresh()
          undo.offer({
            label: `Not the same: ${name}`,
            undo: async () => {
              await call('people.maybeSame', pair)
              refresh()
            },
          })
        }, report)
      },
    }
  }, [client, report, undo])
}
