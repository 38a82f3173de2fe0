import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import type { HostEvent } from '../../preload/host-contract.ts'
import type { EventName, EventPayload } from '../../src/rpc/contract.ts'
import { createRefetcher } from './batch.ts'
import { type StoreChange, touches } from './touches.ts'

/** Listens to one event of the engine for as long as the component is there. */
export function useEngineEvent<E extends EventName>(name: E, listener: (payload: EventPayload<E>) => void): void {
  const listen = useEffectEvent(listener)
  useEffect(
    () =>
      window.deskbell.onEvent((event) => {
        if (event.name === name) listen(event.payload as EventPayload<E>)
      }),
    [name],
  )
}

/** Listens to one event of the program around the window. */
export function useHostEvent<N extends HostEvent['name']>(
  name: N,
  listener: (payload: Extract<HostEvent, { name: N }>['payload']) => void,
): void {
  const listen = useEffectEvent((payload: never) => listener(payload))
  useEffect(
    () =>
      window.deskbell.host.onEvent((event) => {
        if (event.name === name) listen(event.payload as never)
      }),
    [name],
  )
}

/** Fetches again what changed: after a commit what it touched, after a restart of the engine everything. */
export function RefetchOnEvents(): null {
  const client = useQueryClient()
  useEffect(() => {
    const refetcher = createRefetcher(
      (changes) => {
        void client.invalidateQueries({ predicate: (it) => changes.some((change) => touches(change, it.queryKey)) })
      },
      (ms, task) => {
        const timer = setTimeout(task, ms)
        return () => clearTimeout(timer)
      },
    )
    const off = window.deskbell.onEvent((event) => {
      if (event.name === 'store.changed') refetcher.add(event.payload as StoreChange)
      if (event.name === 'engine.ready') void client.invalidateQueries()
    })
    return () => {
      off()
      refetcher.stop()
    }
  }, [client])
  return null
}
