import { Button, Stack, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Provider, ProviderSettings } from '../../src/enrich/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useReport } from '../ui/report.tsx'
import { EnrichmentEditor } from './enrichment-editor.tsx'
import { money } from './enrichment-values.ts'
import styles from './settings.module.css'

type Editing = Provider | { readonly name: string; readonly settings: ProviderSettings } | null

/** What Deskbell finds out by itself, and the services it may ask on your key. */
export function EnrichmentSection() {
  const list = useEngine('enrich.providers', {})
  const presets = useEngine('enrich.presets', {})
  const [editing, setEditing] = useState<Editing>(null)
  if (editing !== null) {
    const isKnown = 'id' in editing
    return (
      <EnrichmentEditor
        key={isKnown ? editing.id : editing.name}
        provider={isKnown ? (list.data?.providers.find((it) => it.id === editing.id) ?? editing) : null}
        start={editing}
        onClose={() => setEditing(null)}
      />
    )
  }
  const providers = list.data?.providers ?? []
  return (
    <Stack gap="md">
      <p className={styles.lead}>
        Deskbell reads names, titles, numbers, addresses, budgets and dates in what people write to you, on this
        computer. What you typed always wins.
      </p>
      <div>
        <h3 className={styles.boxTitle}>Services that know more</h3>
        <div className={styles.dim}>
          Each is off until you switch it on. Then it is asked once about every new lead, with their e-mail address, its
          domain or their number, on your own key and never beyond the limit of the day.
        </div>
      </div>
      {list.isError && !list.data && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {providers.length > 0 && (
        <div className={styles.box}>
          {providers.map((it) => (
            <ProviderRow key={it.id} provider={it} onEdit={() => setEditing(it)} />
          ))}
        </div>
      )}
      {list.data && providers.length === 0 && (
        <p className={styles.dim}>No service yet. Nobody is asked about anybody.</p>
      )}
      {(presets.data?.presets ?? []).map((it) => (
        <div key={it.name} className={styles.row}>
          <div className={styles.grow}>
            <b>{it.name}</b>
            <div className={styles.dim}>{it.note}</div>
          </div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            aria-label={`Add ${it.name}`}
            onClick={() => setEditing({ name: it.name, settings: it.settings })}
          >
            Add
          </Button>
        </div>
      ))}
    </Stack>
  )
}

function ProviderRow({ provider, onEdit }: { readonly provider: Provider; readonly onEdit: () => void }) {
  const report = useReport()
  const { settings, today, state } = provider
  const spent = `Today ${today.asked} of ${settings.perDay}, ${money(today.cost, settings.currency)} of ${money(settings.costPerDay, settings.currency)}`
  const waiting = provider.queued > 0 ? ` · ${provider.queued} waiting` : ''
  return (
    <div className={styles.row}>
      <div className={styles.grow}>
        <div className={styles.ellipsis} dir="auto">
          <b>{provider.name}</b>{' '}
          <span className={styles.dim}>{state === 'on' ? '· on' : state === 'stopped' ? '· stopped' : '· off'}</span>
        </div>
        <div className={styles.dim}>
          {spent}
          {waiting}
        </div>
        {provider.problem && <div role="alert">{provider.problem}</div>}
        {!provider.hasKey && <div className={styles.dim}>No key yet.</div>}
      </div>
      <Switch
        checked={state === 'on'}
        aria-label={`Ask ${provider.name} about new leads`}
        onChange={(event) =>
          void call('enrich.switchProvider', { id: provider.id, on: event.currentTarget.checked }).catch(report)
        }
      />
      <Button size="compact-sm" variant="default" aria-label={`Edit ${provider.name}`} onClick={onEdit}>
        Edit
      </Button>
    </div>
  )
}
