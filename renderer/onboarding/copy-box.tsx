import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { host } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'
import styles from './copy-box.module.css'

type Props = { readonly label: string; readonly text: string; readonly hideLabel?: boolean }

const saidForMs = 2500
const mostRows = 11

/** Something to be copied as it is: an address, a piece of HTML. */
export function CopyBox({ label, text, hideLabel = false }: Props) {
  const report = useReport()
  const [copied, setCopied] = useState<string | null>(null)
  useEffect(() => {
    if (copied === null) return
    const timer = setTimeout(() => setCopied(null), saidForMs)
    return () => clearTimeout(timer)
  }, [copied])
  const done = copied === text
  return (
    <div>
      {!hideLabel && <p className={styles.label}>{label}</p>}
      <div className={styles.box}>
        <textarea
          className={styles.text}
          readOnly
          spellCheck={false}
          aria-label={label}
          rows={Math.min(text.split('\n').length, mostRows)}
          value={text}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={done ? <IconCheck size={15} /> : <IconCopy size={15} />}
          aria-label={done ? `${label} copied` : `Copy ${label.toLowerCase()}`}
          onClick={() => void host('copyText', { text }).then(() => setCopied(text), report)}
        >
          {done ? 'Copied' : 'Copy'}
        </Button>
      </div>
    </div>
  )
}
