import { Button, Group, Modal, Stack } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call, host } from '../rpc/call.ts'
import { fullMoment, plural } from '../ui/time-format.ts'

type Props = { readonly onProblem: (error: unknown) => void; readonly onRestored: (keptAs: string) => void }
type Found = { readonly path: string; readonly what: MethodOutput<'store.inspectBackup'> }

/** Picks a backup, says what is in it, and only then puts it in place of what is there. */
export function RestoreButton({ onProblem, onRestored }: Props) {
  const [found, setFound] = useState<Found | null>(null)
  const [busy, setBusy] = useState(false)
  const choose = async () => {
    const { path } = await host('chooseOpenPath', { title: 'Choose a Deskbell backup', extensions: ['deskbell', 'db'] })
    if (path === null) return
    setFound({ path, what: await call('store.inspectBackup', { path }) })
  }
  const restore = async () => {
    if (!found) return
    setBusy(true)
    try {
      const { keptAs } = await call('store.restore', { path: found.path })
      onRestored(keptAs)
    } catch (error) {
      onProblem(error)
    } finally {
      setBusy(false)
      setFound(null)
    }
  }
  return (
    <>
      <Button variant="default" leftSection={<IconHistory size={16} />} onClick={() => void choose().catch(onProblem)}>
        Restore a backup…
      </Button>
      {found && (
        <Modal opened onClose={() => setFound(null)} title="Restore this backup?" size={460}>
          <Stack gap="sm">
            <div>
              It is from <b>{fullMoment(found.what.at)}</b> and holds {plural(found.what.people, 'lead')} and{' '}
              {found.what.interactions} messages, calls and notes.
            </div>
            <div>It takes the place of everything in Deskbell. What is there now is kept in a file beside it.</div>
            <Group justify="flex-end">
              <Button variant="default" data-autofocus onClick={() => setFound(null)}>
                Cancel
              </Button>
              <Button color="red" loading={busy} onClick={() => void restore()}>
                Restore
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </>
  )
}
