import { Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCheck, IconMinus } from '@tabler/icons-react'
import { useState } from 'react'
import type { ChannelKind, Tier } from '../../src/inbox/contract.ts'
import { day } from '../../src/lib/durations.ts'
import type { Routing } from '../../src/settings/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { channelNames } from '../ui/channel-glyph.tsx'
import { MomentPicker } from '../ui/date-pickers.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { tierChoices } from '../ui/score-words.ts'
import own from './routing.module.css'
import styles from './settings.module.css'

const typingMs = 300

/** "Who gets this lead?": a made-up lead against the rules as they stand here, saved or not. */
export function RoutingTest({ routing }: { readonly routing: Routing }) {
  const [lead, setLead] = useState({
    ...{ tier: 'hot' as Tier, channel: 'form' as ChannelKind, source: '', phone: '', postcode: '', text: '' },
    when: null as number | null,
  })
  const [now] = useState(() => Math.floor(Date.now() / 60_000) * 60_000)
  const [{ when, ...settled }] = useDebouncedValue(lead, typingMs)
  const at = when ?? now
  const answer = useEngine('route.test', { ...settled, at, routing }, { keepPrevious: true })
  const set = (patch: Partial<typeof lead>) => setLead({ ...lead, ...patch })
  return (
    <section className={styles.box} aria-label="Who gets this lead?">
      <h3 className={styles.boxTitle}>Who gets this lead?</h3>
      <div className={own.testFields}>
        <Select
          size="xs"
          label="Tier"
          allowDeselect={false}
          data={tierChoices}
          value={lead.tier}
          onChange={(tier) => tier && set({ tier: tier as Tier })}
        />
        <Select
          size="xs"
          label="Channel"
          allowDeselect={false}
          data={Object.entries(channelNames).flatMap(([value, label]) => (value === 'note' ? [] : [{ value, label }]))}
          value={lead.channel}
          onChange={(channel) => channel && set({ channel: channel as ChannelKind })}
        />
        {shortTexts.map(({ label, field, maxLength }) => (
          <TextInput
            key={field}
            size="xs"
            label={label}
            maxLength={maxLength}
            value={lead[field]}
            onChange={(event) => set({ [field]: event.currentTarget.value })}
          />
        ))}
        <MomentPicker
          size="xs"
          label="When"
          placeholder="Now"
          clearable
          max={now + 366 * day}
          value={lead.when}
          onChange={(when) => set({ when })}
        />
        <TextInput
          size="xs"
          className={own.wide ?? ''}
          label="What they write"
          maxLength={5000}
          value={lead.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
        />
      </div>
      {answer.error && !answer.data && <ErrorNotice error={answer.error} />}
      {answer.data && (
        <div aria-live="polite">
          <p className={own.verdict} dir="auto">
            {answer.data.sentence}
          </p>
          <ol className={own.steps}>
            {answer.data.steps.map((step) => (
              <li key={step.ruleId} data-fits={step.fits || undefined}>
                {step.fits ? (
                  <IconCheck size={14} aria-label="fits" />
                ) : (
                  <IconMinus size={14} aria-label="does not fit" />
                )}
                <span dir="auto">
                  <b>{step.name}</b> <span className={styles.dim}>{step.words}</span>
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  )
}

const shortTexts = [
  { label: 'Source', field: 'source', maxLength: 200 },
  { label: 'Phone', field: 'phone', maxLength: 40 },
  { label: 'Postcode', field: 'postcode', maxLength: 20 },
] as const
