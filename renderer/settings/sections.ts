import type { SettingsSection } from '../shell/window-state.ts'

/** The pages of the settings, in their order. */
export const sectionTitles: Readonly<Record<SettingsSection, string>> = {
  business: 'Business',
  team: 'Team',
  routing: 'Routing',
  channels: 'Channels',
  sla: 'Deadlines',
  firstAnswer: 'First answer',
  score: 'Score',
  review: 'Score review',
  templates: 'Templates',
  enrichment: 'Enrichment',
  import: 'Import',
  blocked: 'Blocked',
  preferences: 'Preferences',
  backup: 'Backup',
}
