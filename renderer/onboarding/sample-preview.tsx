import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { FormPreview, FormSettings } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './sample-preview.module.css'
import { useGuard } from './use-guard.ts'

/** Paste what a service sends, see which lead it would make. Nothing is stored. */
export function SamplePreview({ settings }: { readonly settings: FormSettings }) {
  const [sample, setSample] = useState('')
  const [preview, setPreview] = useState<FormPreview | null>(null)
  const { busy, problem, guard } = useGuard()
  const look = () =>
    void guard(async () => {
      setPreview(null)
      setPreview(await call('channels.previewForm', { settings, sample }))
    })
  return (
    <>
      <Textarea
        label="A post as the service sends it"
        description="JSON or form data, for instance copied from its log."
        autosize
        minRows={3}
        maxRows={8}
        spellCheck={false}
        value={sample}
        onChange={(event) => setSample(event.currentTarget.value)}
      />
      <div>
        <Button size="compact-sm" variant="default" loading={busy} disabled={sample.trim() === ''} onClick={look}>
          Show the lead
        </Button>
      </div>
      {problem !== null && <ErrorNotice error={problem} />}
      <div role="status">
        {preview?.note && <p className={styles.note}>{preview.note}</p>}
        {preview?.leads.map((lead, index) => (
          // A preview is replaced as a whole; its leads have nothing else to be told apart by.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Lead key={index} lead={lead} />
        ))}
      </div>
    </>
  )
}

function Lead({ lead }: { readonly lead: FormPreview['leads'][number] }) {
  const marks = [lead.test ? 'a test' : '', lead.spam ? 'spam, left out' : ''].filter(Boolean)
  return (
    <section className={styles.lead} aria-label="Lead">
      <p className={styles.head} dir="auto">
        <b>{lead.known.name ?? lead.known.email ?? lead.known.phone ?? 'Nobody to answer'}</b> from {lead.source}
        {marks.length > 0 && ` (${marks.join(', ')})`}
      </p>
      <dl>
        {lead.fields.map(({ label, value }) => (
          <div key={label}>
            <dt dir="auto">{label}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
