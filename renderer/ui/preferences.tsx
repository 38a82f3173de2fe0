import { useLocalStorage } from '@mantine/hooks'
import { useEffect } from 'react'

export type Density = 'cosy' | 'compact'

/** How tight the list is; kept on this computer. */
export function useDensity(): readonly [Density, (density: Density) => void] {
  const [density, setDensity] = useLocalStorage<Density>({
    key: 'deskbell.density',
    defaultValue: 'cosy',
    getInitialValueInEffect: false,
  })
  return [density, setDensity]
}

/** Lets style sheets know the density. */
export function DensityAttribute(): null {
  const [density] = useDensity()
  useEffect(() => {
    document.documentElement.dataset.density = density
  }, [density])
  return null
}
