import { Button, SegmentedControl, Stack, Switch, useMantineColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import type { Settings } from '../../src/settings/contract.ts'
import { type KeyPreset, keyPresets } from '../keys/presets.ts'
import { call, host } from '../rpc/call.ts'
import { useWindow } from '../shell/window-context.tsx'
import { type Density, useDensity, useKeymap } from '../ui/preferences.tsx'
import { useReport } from '../ui/report.tsx'
import { AboutBox } from './about-box.tsx'
import styles from './settings.module.css'

type Props = { readonly settings: Settings }
type Seconds = Settings['undoSeconds']

/** How this window looks and behaves. Every choice counts at once. */
export function PreferencesSection({ settings }: Props) {
  const report = useReport()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [density, setDensity] = useDensity()
  const { preset, own, setPreset } = useKeymap()
  const { act } = useWindow()
  const changed = Object.keys(own).length
  const save = (change: { undoSeconds?: Seconds; notifications?: boolean }) =>
    void call('settings.savePreferences', change).catch(report)
  const tryNotification = () =>
    void host('testNotification', {}).then(({ supported }) => {
      if (!supported) notifications.show({ color: 'red', message: 'This computer shows no notifications.' })
    }, report)
  return (
    <Stack gap="md">
      <div className={styles.box}>
        <Choice label="Time to take a message back" hint="Mail and texts wait this long before they leave.">
          <SegmentedControl
            aria-label="Time to take a message back"
            data={[5, 10, 20, 30].map((it) => ({ value: String(it), label: `${it} s` }))}
            value={String(settings.undoSeconds)}
            onChange={(value) => save({ undoSeconds: Number(value) as Seconds })}
          />
        </Choice>
        <Choice
          label="Notifications"
          hint="New hot leads, deadlines and notes that call you, also while Deskbell is in the background."
        >
          <Button size="compact-sm" variant="subtle" onClick={tryNotification}>
            Try one
          </Button>
          <Switch
            aria-label="Notifications"
            checked={settings.notifications}
            onChange={(event) => save({ notifications: event.currentTarget.checked })}
          />
        </Choice>
        <Choice label="Light or dark">
          <SegmentedControl
            aria-label="Light or dark"
            data={[
              { value: 'auto', label: 'As the computer' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
          />
        </Choice>
        <Choice label="List" hint="Compact shows more people at once.">
          <SegmentedControl
            aria-label="List"
            data={[
              { value: 'cosy', label: 'Cozy' },
              { value: 'compact', label: 'Compact' },
            ]}
            value={density}
            onChange={(value) => setDensity(value as Density)}
          />
        </Choice>
        <Choice label="Keys" hint="Press ? anywhere to see them all; Ctrl K has every action with every choice.">
          <SegmentedControl
            aria-label="Keys"
            data={keyPresets.map((it) => ({ ...it }))}
            value={preset}
            onChange={(value) => setPreset(value as KeyPreset)}
          />
          <Button size="compact-sm" variant="default" onClick={() => act({ do: 'dialog', dialog: { kind: 'keys' } })}>
            {changed > 0 ? `Change keys · ${changed} of your own` : 'Change keys'}
          </Button>
        </Choice>
        <Choice label="Telephone links" hint="A click on a number on a web page opens Deskbell.">
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void host('handleTelLinks', { on: true }).catch(report)}
          >
            Open with Deskbell
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => void host('handleTelLinks', { on: false }).catch(report)}
          >
            Stop
          </Button>
        </Choice>
      </div>
      <AboutBox />
    </Stack>
  )
}

type ChoiceProps = { readonly label: string; readonly hint?: string; readonly children: ReactNode }

function Choice({ label, hint, children }: ChoiceProps) {
  return (
    <div className={styles.row} style={{ flexWrap: 'wrap' }}>
      <div className={styles.grow} style={{ minWidth: 180 }}>
        <div>{label}</div>
        {hint && <div className={styles.dim}>{hint}</div>}
      </div>
      {children}
    </div>
  )
}
