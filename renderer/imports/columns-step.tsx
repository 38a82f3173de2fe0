import { Button, Checkbox, Group, NativeSelect, Radio, Skeleton, Stack, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { type CsvShape, type ImportPlan, type ImportRun, importAs, importEncoding } from '../../src/capture/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { columnsProblem, columnsWarnings, delimiterNames, encodingNames, mostColumns } from './columns.ts'
import type { OpenedFile } from './file-step.tsx'
import styles from './imports.module.css'
import { PreviewTable } from './preview-table.tsx'
import { StepHead } from './step-head.tsx'
import { useRefreshImports } from './use-import.ts'
import { asNames } from './words.ts'

type Props = {
  readonly run: ImportRun
  /** Null for a list that was opened earlier: read again by its plan. */
  readonly file: OpenedFile | null
  readonly onLeave: () => void
  readonly onChecked: () => void
}

type Reading = Pick<CsvShape, 'encoding' | 'delimiter' | 'hasHeader'>

/** What the columns are, who these people are and where they come from. */
export function ColumnsStep({ run, file, onLeave, onChecked }: Props) {
  const { importId, plan } = run
  const [shape, setShape] = useState(plan?.shape ?? file?.shape ?? null)
  const [preview, setPreview] = useState<OpenedFile['preview'] | null>(plan ? null : (file?.preview ?? null))
  const [as, setAs] = useState<ImportPlan['as']>(plan?.as ?? 'people')
  const [source, setSource] = useState(plan?.source ?? '')
  const [mayText, setMayText] = useState(plan?.mayText ?? false)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const refresh = useRefreshImports()

  const readAs = async (chosen: Reading | null, columns?: CsvShape['columns']) => {
    setProblem(null)
    try {
      const reading = chosen && {
        encoding: chosen.encoding,
        delimiter: chosen.delimiter,
        hasHeader: chosen.hasHeader,
      }
      const read = await call('capture.previewImport', { importId, reading })
      setShape(read.shape && columns ? { ...read.shape, columns: [...columns] } : read.shape)
      setPreview(read.preview)
    } catch (error) {
      setProblem(error)
    }
  }
  // Once: a list that was checked already is shown as it was understood then, one that was only opened as it is guessed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the step opens
  useEffect(() => {
    if (preview === null) void readAs(shape, shape?.columns)
  }, [])

  const wrongColumns = shape === null ? null : columnsProblem(shape.columns)
  const wrongSource = source.trim() === '' ? 'Where do they come from? Every lead says so, for your reports.' : null
  const check = async () => {
    setTried(true)
    if (wrongColumns !== null) return
    if (wrongSource !== null) {
      document.querySelector<HTMLElement>('[data-import-source]')?.focus()
      return
    }
    setBusy(true)
    setProblem(null)
    try {
      const capped = shape && { ...shape, columns: shape.columns.slice(0, mostColumns) }
      await call('capture.checkImport', { importId, plan: { as, source: source.trim(), mayText, shape: capped } })
      onChecked()
      refresh()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <form
      // Our own sentences, not the bubble of the browser, which would hide them.
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void check()
      }}
    >
      <Stack gap="md">
        <StepHead run={run} onLeave={onLeave} leave="Other file" />
        {shape && <ReadingFields shape={shape} onChange={(reading) => void readAs(reading)} />}
        {preview === null && problem === null && <Skeleton height={200} aria-label="The file is being read" />}
        {preview !== null && (
          <PreviewTable
            preview={preview}
            columns={shape?.columns ?? null}
            onChange={(columns) => shape && setShape({ ...shape, columns: [...columns] })}
          />
        )}
        {shape &&
          columnsWarnings(shape.columns).map((it) => (
            <p key={it} className={styles.warning}>
              {it}
            </p>
          ))}
        <TextInput
          label="Where do they come from?"
          description="For example: Home show 2026, Old address book, Newsletter"
          placeholder="A few words"
          required
          data-import-source
          dir="auto"
          maxLength={100}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
          error={tried ? wrongSource : null}
        />
        <Radio.Group label="Who are they?" value={as} onChange={(value) => setAs(importAs.parse(value))}>
          <Stack gap="xs" mt={6}>
            {importAs.options.map((it) => (
              <Radio key={it} value={it} label={asNames[it][0]} description={asNames[it][1]} />
            ))}
          </Stack>
        </Radio.Group>
        <Checkbox
          label="They agreed to get texts from us"
          description="Leave it off when you are not sure. Then you can call and mail them, and nobody texts them by mistake."
          checked={mayText}
          onChange={(event) => setMayText(event.currentTarget.checked)}
        />
        {tried && wrongColumns !== null && (
          <p className={styles.wrong} role="alert">
            {wrongColumns}
          </p>
        )}
        {problem === null && run.problem !== null && (
          <p className={styles.wrong} role="alert">
            The last check did not get through: {run.problem}
          </p>
        )}
        {problem !== null && <ErrorNotice error={problem} />}
        <Group>
          <Button type="submit" loading={busy} disabled={preview === null}>
            Check the list
          </Button>
          <span className={styles.small}>Nothing is imported yet.</span>
        </Group>
      </Stack>
    </form>
  )
}

type ReadingProps = { readonly shape: CsvShape; readonly onChange: (reading: Reading) => void }

function ReadingFields({ shape, onChange }: ReadingProps) {
  const own = shape.delimiter in delimiterNames ? [] : [{ value: shape.delimiter, label: shape.delimiter }]
  return (
    <div className={styles.reading}>
      <NativeSelect
        label="Columns are separated by"
        value={shape.delimiter}
        data={[...Object.entries(delimiterNames).map(([value, label]) => ({ value, label })), ...own]}
        onChange={(event) => onChange({ ...shape, delimiter: event.currentTarget.value })}
      />
      <NativeSelect
        label="Letters"
        value={shape.encoding}
        data={importEncoding.options.map((value) => ({ value, label: encodingNames[value] }))}
        onChange={(event) => onChange({ ...shape, encoding: importEncoding.parse(event.currentTarget.value) })}
      />
      <Checkbox
        label="The first row has the names of the columns"
        checked={shape.hasHeader}
        onChange={(event) => onChange({ ...shape, hasHeader: event.currentTarget.checked })}
      />
    </div>
  )
}
