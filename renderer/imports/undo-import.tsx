import { Button, type ButtonProps, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ImportRun } from '../../src/capture/contract.ts'
import { call } from '../rpc/call.ts'
import { useRefreshImports } from './use-import.ts'

type Props = {
  readonly run: Pick<ImportRun, 'importId' | 'fileName'>
  readonly onProblem: (error: unknown) => void
  readonly size?: NonNullable<ButtonProps['size']>
}

/** Takes a whole list back, after one question. */
export function UndoImport({ run, onProblem, size = 'sm' }: Props) {
  const [asking, setAsking] = useState(false)
  const refresh = useRefreshImports()
  const close = () => setAsking(false)
  const undo = () => {
    close()
    onProblem(null)
    call('capture.undoImport', { importId: run.importId }).then(refresh, onProblem)
  }
  return (
    <>
      <Button
        variant="default"
        size={size}
        onClick={() => setAsking(true)}
        aria-label={`Undo import of ${run.fileName}`}
      >
        Undo import
      </Button>
      {asking && (
        <Modal opened onClose={close} title="Undo this import?" size={440}>
          <Stack gap="md">
            <span style={{ overflowWrap: 'anywhere' }}>
              Everybody who came by “<bdi>{run.fileName}</bdi>” is removed, and everybody else gets back what they had.
              People you wrote to, called or changed since then stay.
            </span>
            <Group justify="flex-end">
              <Button variant="default" onClick={close} data-autofocus>
                Keep them
              </Button>
              <Button color="red.9" onClick={undo}>
                Undo import
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </>
  )
}
