import { Autocomplete, Button, CloseButton } from '@mantine/core'
import { IconArrowForwardUp } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useEngine } from '../rpc/queries.ts'
import { bytes } from '../ui/time-format.ts'
import styles from './composer.module.css'
import type { Forward } from './draft.ts'

type Props = {
  readonly forward: Forward
  readonly onChange: (forward: Forward) => void
  readonly onStop: () => void
}

/** To whom a mail is passed on, and which of its files go along. */
export function ForwardHead({ forward, onChange, onStop }: Props) {
  const team = useEngine('team.list', {}).data?.members ?? []
  const field = useRef<HTMLInputElement>(null)
  const { interactionId } = forward
  useEffect(() => {
    if (interactionId > 0) field.current?.focus()
  }, [interactionId])
  return (
    <>
      <div className={styles.top}>
        <span className={styles.forward}>
          <IconArrowForwardUp size={16} aria-hidden="true" /> Forward to
        </span>
        <Autocomplete
          ref={field}
          className={styles.forwardTo ?? ''}
          variant="unstyled"
          aria-label="Forward to"
          placeholder="name@example.com"
          type="email"
          maxLength={320}
          // The list would lie on what stands below.
          openOnFocus={false}
          data={[...new Set(team.flatMap((it) => (it.email ? [it.email] : [])))]}
          value={forward.to}
          onChange={(to) => onChange({ ...forward, to })}
        />
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onStop}>
          Do not forward
        </Button>
      </div>
      {forward.files.length > 0 && (
        <ul className={styles.chips} aria-label="Files of the mail">
          {forward.files.map((file) => (
            <li key={file.id} className={styles.chip}>
              <span dir="auto" title={file.name}>
                {file.name}
              </span>
              <span className={styles.chipSize}>{bytes(file.size)}</span>
              <CloseButton
                size="xs"
                aria-label={`Leave out ${file.name}`}
                onClick={() => onChange({ ...forward, files: forward.files.filter((it) => it.id !== file.id) })}
              />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
