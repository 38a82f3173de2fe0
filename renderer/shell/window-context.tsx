import { createContext, type Dispatch, type ReactNode, useContext, useMemo, useReducer } from 'react'
import { initialState, reduce, type WindowAction, type WindowState } from './window-state.ts'

type Value = { readonly state: WindowState; readonly act: Dispatch<WindowAction> }

const WindowContext = createContext<Value | null>(null)

export function WindowProvider({ children }: { readonly children: ReactNode }) {
  const [state, act] = useReducer(reduce, initialState)
  const value = useMemo(() => ({ state, act }), [state])
  return <WindowContext value={value}>{children}</WindowContext>
}

/** What the window shows and the one way to change it. */
export function useWindow(): Value {
  const value = useContext(WindowContext)
  if (!value) throw new Error('useWindow needs a WindowProvider above')
  return value
}
