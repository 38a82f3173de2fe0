import { Button } from '@mantine/core'
import { IconCheck, IconFlame, IconSeeding, IconSunHigh } from '@tabler/icons-react'
import type { Settings, SlaPolicy } from '../../src/settings/contract.ts'
import { SlaSection } from '../settings/sla-section.tsx'
import { inWords } from '../ui/time-format.ts'
import { Fold } from './fold.tsx'
import { hoursInWords } from './hours-in-words.ts'
import styles from './steps.module.css'

type Props = { readonly settings: Settings; readonly onFine: () => void }

/** The deadlines in words; most people only need to say yes. */
export function DeadlinesStep({ settings, onFine }: Props) {
  const { sla, tiers, business } = settings
  const hot = sla.hot.firstContactMs
  return (
    <div className={styles.stack}>
      <div className={styles.tiers}>
        <section className={styles.tier} data-tier="hot" aria-label="Hot leads">
          <h2>
            <IconFlame size={18} aria-hidden="true" /> Hot
          </h2>
          <p className={styles.range}>{tiers.hotFrom} points and more</p>
          <Targets of={sla.hot} />
        </section>
        <section className={styles.tier} data-tier="warm" aria-label="Warm leads">
          <h2>
            <IconSunHigh size={18} aria-hidden="true" /> Warm
          </h2>
          <p className={styles.range}>
            {tiers.warmFrom} to {tiers.hotFrom - 1} points
          </p>
          <Targets of={sla.warm} />
        </section>
        <section className={styles.tier} data-tier="nurture" aria-label="Other leads">
          <h2>
            <IconSeeding size={18} aria-hidden="true" /> Nurture
          </h2>
          <p className={styles.range}>fewer than {tiers.warmFrom} points</p>
          <Targets of={sla.nurture} />
        </section>
      </div>
      <p className={styles.example}>
        {hot !== null && (
          <>
            So when somebody asks for a quote with a budget and a date, a clock of <b>{inWords(hot)}</b> starts.{' '}
          </>
        )}
        {business.alwaysOpen
          ? 'The clocks run day and night.'
          : `The clocks run while you are open: ${hoursInWords(business.hours)}.`}
      </p>
      <Fold label="Change the times">
        <SlaSection settings={settings} />
      </Fold>
      <div>
        <Button leftSection={<IconCheck size={16} />} onClick={onFine}>
          These are fine
        </Button>
      </div>
    </div>
  )
}

function Targets({ of }: { readonly of: SlaPolicy['hot'] }) {
  const rows = [
    ['Taken on', of.ownedMs],
    ['First answer', of.firstContactMs],
    ['Later answers', of.nextReplyMs],
  ] as const
  if (rows.every(([, ms]) => ms === null)) return <p>No deadline. They wait in the list until you have time.</p>
  return (
    <dl>
      {rows.map(([name, ms]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{ms === null ? 'no deadline' : inWords(ms)}</dd>
        </div>
      ))}
    </dl>
  )
}
