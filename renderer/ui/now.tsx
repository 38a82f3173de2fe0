import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from 'react'
import { createTicker, type Ticker } from './ticker.ts'

const TickerContext = createContext<Ticker | null>(null)

export function TickerProvider({ children }: { readonly children: ReactNode }) {
  const [ticker] = useState(() =>
    createTicker(Date.now, (ms, task) => {
      const timer = setTimeout(task, ms)
      return () => clearTimeout(timer)
    }),
  )
  return <TickerContext value={ticker}>{children}</TickerContext>
}

/** The time of the shared clock; the component is drawn again each second, or each minute when that is enough. */
export function useNow(every: 'second' | 'minute' = 'second'): number {
  const ticker = useContext(TickerContext)
  if (!ticker) throw new Error('useNow needs a TickerProvider above')
  const step = every === 'second' ? 1000 : 60_000
  return useSyncExternalStore(ticker.subscribe, () => Math.floor(ticker.now() / step) * step)
}
