import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import type { ErrorBody } from '../../src/rpc/errors.ts'
import { errorBody } from '../rpc/call.ts'
import styles from './error-notice.module.css'

/** The sentence for the user; the technical text after one click. */
export function ErrorText({ error }: { readonly error: ErrorBody }) {
  return (
    <span dir="auto">
      {error.message}
      {error.detail && <Details text={error.detail} />}
    </span>
  )
}

/** Technical text that most people never need to see. */
export function Details({ text, label = 'Details' }: { readonly text: string; readonly label?: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      {' '}
      <button type="button" className={styles.more} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide details' : label}
      </button>
      {open && <code className={styles.detail}>{text}</code>}
    </>
  )
}

type Props = { readonly error: unknown; readonly onRetry?: () => void; readonly title?: string }

/** An error in the place where something should be. */
export function ErrorNotice({ error, onRetry, title }: Props) {
  const body = errorBody(error)
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} {...(title ? { title } : {})} role="alert">
      <ErrorText error={body} />
      {onRetry && (
        <div className={styles.retry}>
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </Alert>
  )
}
