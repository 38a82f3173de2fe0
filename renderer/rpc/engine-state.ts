import { useEffect, useState } from 'react'
import type { EngineState } from '../../preload/host-contract.ts'
import { host } from './call.ts'
import { useHostEvent } from './events.tsx'

/** How the engine is doing; `undefined` until the host has said it once. */
export function useEngineState(): EngineState | undefined {
  const [state, setState] = useState<EngineState>()
  useHostEvent('engine.state', setState)
  useEffect(() => {
    void host('engineState', {}).then(
      // An event may have come while we asked; it is newer.
      (asked) => setState((known) => known ?? asked),
      () => undefined,
    )
  }, [])
  return state
}
