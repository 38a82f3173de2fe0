import { Button, Group, Modal, Stack } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call, host } from '../rpc/call.ts'
import { usePlace } from '../ui/place.tsx'
import { fullMoment, plural } from '../ui/time-format.ts'

type Props = {
  /** Null when a new try begins. */
  readonly onProblem: (error: unknown) => void
  /** Told where what was there before is kept, when an engine was there to say it. */
  readonly onRestored: (keptAs: string | null) => void
  /** No engine runs, for instance because the data is damaged: the host starts one on the backup. */
  readonly engineGone?: boolean
  readonly main?: boolean
}

/** `what` is null while no engine is there to look into it. */
type Found = { readonly path: string; readonly what: MethodOutput<'store.inspectBackup'> | null }

/** Picks a backup, says what is in it, and only then puts it in place of what is there. */
export function RestoreButton({ onProblem, onRestored, engineGone = false, main = false }: Props) {
  const [found, setFound] = useState<Found | null>(null)
  const [busy, setBusy] = useState(false)
  const choose = async () => {
    onProblem(null)
    const { path } = await host('chooseOpenPath', { title: 'Choose a Deskbell backup', extensions: ['deskbell', 'db'] })
    if (path === null) return
    setFound({ path, what: engineGone ? null : await call('store.inspectBackup', { path }) })
  }
  const restore = async () => {
    if (!found) return
    setBusy(true)
    try {
      if (engineGone) {
        await host('restoreBackup', { path: found.path })
        onRestored(null)
      } else {
        const { keptAs } = await call('store.restore', { path: found.path })
        onRestored(keptAs)
      }
    } catch (error) {
      onProblem(error)
    } finally {
      setBusy(false)
      setFound(null)
    }
  }
  return (
    <>
      <Button
        variant={main ? 'filled' : 'default'}
        leftSection={<IconHistory size={16} />}
        onClick={() => void choose().catch(onProblem)}
      >
        Restore a backup…
      </Button>
      {found && (
        <Modal opened onClose={() => setFound(null)} title="Restore this backup?" size={460}>
          <Stack gap="sm">
            <Contents {...found} />
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

function Contents({ path, what }: Found) {
  const place = usePlace()
  if (what === null) {
    return (
      <div>
        You chose <b dir="auto">{path.split(/[\\/]/).at(-1)}</b>. It is checked first; if it is no good, nothing
        changes.
      </div>
    )
  }
  return (
    <div>
      It is from <b>{fullMoment(what.at, place)}</b> and holds {plural(what.people, 'lead')} and {what.interactions}{' '}
      messages, calls and notes.
    </div>
  )
}
