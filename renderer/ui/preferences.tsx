import { useLocalStorage } from '@mantine/hooks'
import { useEffect, useMemo } from 'react'
import { type OwnKeys, parseOwnKeys } from '../keys/own-keys.ts'
import type { Keymap, KeyPreset } from '../keys/presets.ts'

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

type KeymapChange = {
  readonly setPreset: (preset: KeyPreset) => void
  readonly setOwn: (own: OwnKeys) => void
}

/** Which keys do what; kept on this computer, as the hands that use it are. */
export function useKeymap(): Keymap & KeymapChange {
  const [preset, setPreset] = useLocalStorage<KeyPreset>({
    key: 'deskbell.keys',
    defaultValue: 'deskbell',
    getInitialValueInEffect: false,
  })
  const [own, setOwn] = useLocalStorage<OwnKeys>({
    key: 'deskbell.ownKeys',
    defaultValue: none,
    deserialize: parseOwnKeys,
    getInitialValueInEffect: false,
  })
  return useMemo(() => ({ preset, own, setPreset, setOwn }), [preset, own, setPreset, setOwn])
}

const none: OwnKeys = {}

/** Lets style sheets know the density. */
export function DensityAttribute(): null {
  const [density] = useDensity()
  useEffect(() => {
    document.documentElement.dataset.density = density
  }, [density])
  return null
}
