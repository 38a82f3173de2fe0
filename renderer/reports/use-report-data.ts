import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { MethodInput } from '../../src/rpc/contract.ts'
import { createBatcher } from '../rpc/batch.ts'
import { useEngineEvent } from '../rpc/events.tsx'
import { useEngine } from '../rpc/queries.ts'

// Counting a quarter takes the engine a second where there is much to count, and mails come in by the hundred.
const everyMs = 15_000

/** The report, counted again when the page is opened and, now and then, when something changed. */
export function useReportData(input: MethodInput<'analyze.compliance'>) {
  const client = useQueryClient()
  const batcher = useMemo(() => {
    const again = () => {
      for (const method of ['analyze.compliance', 'analyze.complianceLeads']) {
        void client.invalidateQueries({ queryKey: [method] })
      }
    }
    return createBatcher<true>(again, everyMs, (ms, task) => {
      const timer = setTimeout(task, ms)
      return () => clearTimeout(timer)
    })
  }, [client])
  useEffect(() => {
    batcher.add(true)
    return () => batcher.stop()
  }, [batcher])
  useEngineEvent('store.changed', ({ tables }) => {
    if (tables.some((it) => it === 'lead' || it === 'member' || it === 'setting')) batcher.add(true)
  })
  return useEngine('analyze.compliance', input, { keepPrevious: true })
}
