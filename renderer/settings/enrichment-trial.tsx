import { Button, Code, Stack } from '@mantine/core'
import { useState } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { type KnownPerson, PersonField } from '../imports/person-field.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { money } from './enrichment-values.ts'
import styles from './settings.module.css'

type Tried = MethodOutput<'enrich.tryProvider'>

type Props = {
  readonly currency: string
  /** Saves, then asks. Null when the form has something to mend first. */
  readonly onTry: (personId: number) => Promise<Tried | null>
}

/** One real question about one person: what goes out, what comes back, what would be written. Nothing is. */
export function EnrichmentTrial({ currency, onTry }: Props) {
  const [person, setPerson] = useState<KnownPerson | null>(null)
  const [tried, setTried] = useState<Tried | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const ask = async () => {
    if (!person) return
    setBusy(true)
    setProblem(null)
    setTried(null)
    try {
      setTried(await onTry(person.personId))
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack gap="sm">
      <h3 className={styles.boxTitle}>Try it on one person</h3>
      <p className={styles.dim}>
        Saves what is above and asks once. It counts towards today and may cost; nothing is written to the person.
      </p>
      <PersonField label="About whom?" value={person} onChange={setPerson} />
      <div>
        <Button variant="default" disabled={person === null} loading={busy} onClick={() => void ask()}>
          Ask now
        </Button>
      </div>
      {problem !== null && <ErrorNotice error={problem} />}
      {tried && <Outcome tried={tried} currency={currency} />}
    </Stack>
  )
}

function Outcome({ tried, currency }: { readonly tried: Tried; readonly currency: string }) {
  return (
    <div role="status">
      <Stack gap="xs">
        <b>We asked</b>
        <Code block style={{ maxHeight: 140, overflow: 'auto' }}>
          {tried.request}
        </Code>
        <b>{tried.status === null ? 'No answer came' : `It answered ${tried.status}`}</b>
        {tried.problem && <div role="alert">{tried.problem}</div>}
        {tried.answer !== '' && (
          <Code block tabIndex={0} aria-label="The answer" style={{ maxHeight: 220, overflow: 'auto' }}>
            {tried.answer}
          </Code>
        )}
        <b>We would write</b>
        {tried.found.length === 0 ? (
          <span className={styles.dim}>Nothing: there is nothing in the answer where we look.</span>
        ) : (
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {tried.found.map((it) => (
              <li key={it.field} dir="auto">
                {it.label}: <b>{it.value}</b> {it.now !== null && <span className={styles.dim}>(now {it.now})</span>}
              </li>
            ))}
          </ul>
        )}
        <span className={styles.dim}>Booked for this: {money(tried.cost, currency)}</span>
      </Stack>
    </div>
  )
}
