import { useLocalStorage } from '@mantine/hooks'
import { useEffect } from 'react'
import type { KeyPreset } from '../keys/presets.ts'

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

/** Which keys do what; kept on this computer, as the hands that use it are. */
export function useKeyPreset(): readonly [KeyPreset, (preset: KeyPreset) => void] {
  const [preset, setPreset] = useLocalStorage<KeyPreset>({
    key: 'deskbell.keys',
    defaultValue: 'deskbell',
    getInitialValueInEffect: false,
  })
  return [preset, setPreset]
}

/** Lets style sheets know the density. */
export function DensityAttribute(): null {
  const [density] = useDensity()
  useEffect(() => {
    document.documentElement.dataset.density = density
  }, [density])
  return null
}
