import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { money } from '../settings/enrichment-values.ts'
import { useReport } from '../ui/report.tsx'
import styles from './imports.module.css'

type Service = MethodOutput<'enrich.importLookups'>['services'][number]

/** Paid services know things about people. A list is only asked about when somebody has seen what it may cost. */
export function AskAboutImport({ importId }: { readonly importId: number }) {
  const query = useEngine('enrich.importLookups', { importId })
  const services = query.data?.services ?? []
  if (services.length === 0) return null
  return (
    <section className={styles.box} aria-label="Ask services about these people">
      {services.map((it) => (
        <AskService key={it.providerId} importId={importId} service={it} onAsked={() => void query.refetch()} />
      ))}
    </section>
  )
}

type Props = { readonly importId: number; readonly service: Service; readonly onAsked: () => void }

function AskService({ importId, service, onAsked }: Props) {
  const report = useReport()
  const [busy, setBusy] = useState(false)
  const { name, people, currency, cost, perDay, costPerDay, providerId } = service
  const who = people === 1 ? 'one person' : `${people.toLocaleString()} people`
  const ask = () => {
    setBusy(true)
    call('enrich.askAboutImport', { importId, providerId })
      .then(({ queued }) => {
        notifications.show({ message: `${name} is asked about ${queued.toLocaleString()} of them, a part each day.` })
        onAsked()
      }, report)
      .finally(() => setBusy(false))
  }
  return (
    <div className={styles.ask}>
      <p className={styles.small}>
        <b dir="auto">{name}</b> can be asked about {who} of this list. That costs up to <b>{money(cost, currency)}</b>:
        at most {perDay.toLocaleString()} and {money(costPerDay, currency)} a day, by your limits.
      </p>
      <Button
        size="compact-sm"
        variant="default"
        style={{ flexShrink: 0 }}
        loading={busy}
        aria-label={`Ask ${name} about ${who}`}
        onClick={ask}
      >
        Ask about {who}
      </Button>
    </div>
  )
}
