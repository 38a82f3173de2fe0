import { Skeleton, Stack } from '@mantine/core'
import {
  type Icon,
  IconAdjustments,
  IconArrowsSplit2,
  IconBan,
  IconBuildingStore,
  IconChartDots,
  IconClockBolt,
  IconDatabase,
  IconFileImport,
  IconMessageBolt,
  IconPlugConnected,
  IconStar,
  IconTemplate,
  IconUserSearch,
  IconUsers,
} from '@tabler/icons-react'
import type { Settings } from '../../src/settings/contract.ts'
import { ImportSection } from '../imports/import-section.tsx'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import type { SettingsSection } from '../shell/window-state.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { BackupSection } from './backup-section.tsx'
import { BlockedSection } from './blocked-section.tsx'
import { BusinessSection } from './business-section.tsx'
import { ChannelsSection } from './channels-section.tsx'
import { EnrichmentSection } from './enrichment-section.tsx'
import { FirstAnswerSection } from './first-answer-section.tsx'
import { LadderBox } from './ladder-box.tsx'
import { PredictSection } from './predict-section.tsx'
import { PreferencesSection } from './preferences-section.tsx'
import { RoutingSection } from './routing-section.tsx'
import { ScoreSection } from './score-section.tsx'
import { sectionTitles } from './sections.ts'
import styles from './settings.module.css'
import { SlaSection } from './sla-section.tsx'
import { TeamSection } from './team-section.tsx'
import { TemplatesSection } from './templates-section.tsx'

const icons: Readonly<Record<SettingsSection, Icon>> = {
  business: IconBuildingStore,
  team: IconUsers,
  routing: IconArrowsSplit2,
  channels: IconPlugConnected,
  sla: IconClockBolt,
  firstAnswer: IconMessageBolt,
  score: IconStar,
  review: IconChartDots,
  templates: IconTemplate,
  enrichment: IconUserSearch,
  import: IconFileImport,
  blocked: IconBan,
  preferences: IconAdjustments,
  backup: IconDatabase,
}

export function SettingsPage({ section }: { readonly section: SettingsSection }) {
  const { act } = useWindow()
  const settings = useEngine('settings.get', {})
  return (
    <div className={styles.page}>
      <nav className={styles.nav} aria-label="Settings">
        <h1>Settings</h1>
        {(Object.entries(sectionTitles) as [SettingsSection, string][]).map(([key, title]) => {
          const IconOf = icons[key]
          return (
            <button
              key={key}
              type="button"
              className={styles.navItem}
              aria-current={key === section ? 'page' : undefined}
              onClick={() => act({ do: 'go', page: { kind: 'settings', section: key } })}
            >
              <IconOf size={18} stroke={1.6} aria-hidden="true" />
              <span>{title}</span>
            </button>
          )
        })}
      </nav>
      {/* Keyed: another section begins at its top. */}
      <section key={section} className={styles.content} aria-label={sectionTitles[section]}>
        <div
          className={styles.inner}
          data-wide={
            section === 'import' || section === 'score' || section === 'review' || section === 'routing' || undefined
          }
        >
          <h2>{sectionTitles[section]}</h2>
          {settings.isError && !settings.data && (
            <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} />
          )}
          {settings.isPending && <Skeleton height={200} aria-label="Settings are being fetched" />}
          {settings.data && <Section section={section} settings={settings.data} />}
        </div>
      </section>
    </div>
  )
}

function Section({ section, settings }: { readonly section: SettingsSection; readonly settings: Settings }) {
  switch (section) {
    case 'business':
      return <BusinessSection settings={settings} />
    case 'team':
      return <TeamSection settings={settings} />
    case 'routing':
      return <RoutingSection routing={settings.routing} />
    case 'channels':
      return <ChannelsSection />
    case 'sla':
      return (
        <Stack gap="md">
          <SlaSection settings={settings} />
          <LadderBox />
        </Stack>
      )
    case 'firstAnswer':
      return <FirstAnswerSection />
    case 'score':
      return <ScoreSection scoring={settings.scoring} tiers={settings.tiers} scoreShown={settings.scoreShown} />
    case 'review':
      return <PredictSection tiers={settings.tiers} />
    case 'templates':
      return <TemplatesSection />
    case 'enrichment':
      return <EnrichmentSection />
    case 'import':
      return <ImportSection />
    case 'blocked':
      return <BlockedSection />
    case 'preferences':
      return <PreferencesSection settings={settings} />
    case 'backup':
      return <BackupSection />
  }
}
