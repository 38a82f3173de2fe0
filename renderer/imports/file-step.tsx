import { Button, FileButton } from '@mantine/core'
import { IconFileImport, IconUpload } from '@tabler/icons-react'
import { type DragEvent, useRef, useState } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { badInput } from '../../src/rpc/errors.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './imports.module.css'
import { useRefreshImports } from './use-import.ts'

export type OpenedFile = MethodOutput<'capture.openImport'> & { readonly fileName: string }

/** The engine takes no more; asked here too, so that nobody waits for a huge file to be copied first. */
const largestFile = 200 * 1024 * 1024

type Props = { readonly onOpened: (file: OpenedFile) => void }

/** A file, dropped or chosen. */
export function FileStep({ onOpened }: Props) {
  const [busy, setBusy] = useState(false)
  const [over, setOver] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const reset = useRef<() => void>(null)
  const refresh = useRefreshImports()

  const open = async (files: readonly File[]) => {
    const [file] = files
    reset.current?.()
    if (!file) return
    setBusy(true)
    setProblem(null)
    try {
      if (files.length > 1) throw badInput('That was more than one file. Import them one after the other.')
      if (file.size > largestFile) {
        throw badInput('This file is larger than 200 MB. Split it and import the parts.')
      }
      const fileName = file.name.slice(-255)
      const opened = await call('capture.openImport', { fileName, bytes: await bytesOf(file) })
      refresh()
      onOpened({ ...opened, fileName })
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const drag = (event: DragEvent, isOver: boolean) => {
    event.preventDefault()
    setOver(isOver)
  }
  return (
    <>
      <section
        className={styles.drop}
        aria-label="Choose a file"
        data-over={over || undefined}
        onDragOver={(event) => drag(event, true)}
        onDragLeave={(event) => drag(event, false)}
        onDrop={(event) => {
          drag(event, false)
          if (!busy) void open([...event.dataTransfer.files])
        }}
      >
        <IconFileImport size={30} stroke={1.4} aria-hidden="true" />
        <p>
          <b>Drop a file here</b>
          <br />
          CSV from any program, or address cards (.vcf)
        </p>
        <FileButton
          resetRef={reset}
          accept=".csv,.tsv,.txt,.vcf,.vcard,text/csv,text/vcard"
          onChange={(file) => void open(file ? [file] : [])}
        >
          {(props) => (
            <Button {...props} loading={busy} leftSection={<IconUpload size={16} />}>
              Choose a file…
            </Button>
          )}
        </FileButton>
        <p className={styles.small}>An Excel file? Save it as “CSV UTF-8” first.</p>
      </section>
      {problem !== null && (
        <div className={styles.below}>
          <ErrorNotice error={problem} />
        </div>
      )}
    </>
  )
}

/** @throws DeskbellError when the file cannot be read any more */
async function bytesOf(file: File): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch {
    throw badInput('This file cannot be read. It may have been moved, or be a folder. Choose it again.')
  }
}
