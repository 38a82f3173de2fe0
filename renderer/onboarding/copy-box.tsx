import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { host } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'
import styles from './copy-box.module.css'

type Props = { readonly label: string; readonly text: string }

const saidForMs = 2500
const mostRows = 12

/** Something to be copied as it is: an address, a piece of HTML. */
export function CopyBox({ label, text }: Props) {
  const report = useReport()
  const [copied, setCopied] = useState<string | null>(null)
  useEffect(() => {
    if (copied === null) return
    const timer = setTimeout(() => setCopied(null), saidForMs)
    return () => clearTimeout(timer)
  }, [copied])
  const done = copied === text
  const rows = text.split('\n').length
  return (
    <div className={styles.box} data-lines={rows > 1 ? 'many' : 'one'}>
      <div className={styles.head}>
        <span className={styles.label}>{label}</span>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={done ? <IconCheck size={15} /> : <IconCopy size={15} />}
          aria-label={done ? `Copied: ${label}` : `Copy: ${label}`}
          onClick={() => void host('copyText', { text }).then(() => setCopied(text), report)}
        >
          {done ? 'Copied' : 'Copy'}
        </Button>
      </div>
      {/* A field and not plain text: it can be reached, scrolled and selected with the keyboard. */}
      <textarea
        className={styles.text}
        readOnly
        spellCheck={false}
        aria-label={label}
        rows={Math.min(rows, mostRows)}
        value={text}
        onFocus={(event) => event.currentTarget.select()}
      />
    </div>
  )
}
