import { Button, FileButton, Group, Popover, Text } from '@mantine/core'
import { IconId, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './imports.module.css'

export type ReadCard = MethodOutput<'enrich.readCard'>
export type CardPicture = {
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

type Props = {
  readonly picture: CardPicture | null
  readonly onRead: (card: ReadCard, picture: CardPicture) => void
  readonly onDrop: () => void
}

const largest = 20_000_000

/** A picture of a business card, read on this computer; the picture goes along with the touch. */
export function CardPhoto({ picture, onRead, onDrop }: Props) {
  const reader = useEngine('enrich.cardReader', {})
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [explained, setExplained] = useState(false)
  const read = async (file: File | null) => {
    if (!file) return
    setBusy(true)
    setProblem(null)
    try {
      if (file.size > largest) throw new Error('This picture is larger than 20 MB. Take a smaller one.')
      const bytes = new Uint8Array(await file.arrayBuffer())
      const card = await call('enrich.readCard', { bytes })
      onRead(card, { name: file.name, contentType: file.type || 'image/jpeg', bytes })
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  if (picture !== null) {
    return (
      <Group gap={6}>
        <Text size="sm" dir="auto" className={styles.dim}>
          Read from {picture.name}. Check what stands below; the picture is kept with it.
        </Text>
        <Button size="compact-xs" variant="subtle" leftSection={<IconX size={13} />} onClick={onDrop}>
          Leave it out
        </Button>
      </Group>
    )
  }
  return (
    <>
      <div>
        {reader.data && !reader.data.ready ? (
          <Popover opened={explained} onChange={setExplained} width={330} position="bottom-start" withArrow>
            <Popover.Target>
              <Button
                size="compact-sm"
                variant="subtle"
                px={4}
                leftSection={<IconId size={15} />}
                onClick={() => setExplained((it) => !it)}
              >
                From a business card…
              </Button>
            </Popover.Target>
            <Popover.Dropdown role="note">{reader.data.note}</Popover.Dropdown>
          </Popover>
        ) : (
          <FileButton
            accept="image/png,image/jpeg,image/webp,image/tiff,image/bmp"
            onChange={(file) => void read(file)}
          >
            {(props) => (
              <Button
                {...props}
                size="compact-sm"
                variant="subtle"
                px={4}
                loading={busy}
                disabled={!reader.data}
                leftSection={<IconId size={15} />}
              >
                From a business card…
              </Button>
            )}
          </FileButton>
        )}
      </div>
      {problem !== null && <ErrorNotice error={problem} />}
    </>
  )
}
