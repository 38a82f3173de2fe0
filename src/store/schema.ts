import type {
  AccountTable,
  ArrivalTable,
  CalendarFeedTable,
  ChatVisitorTable,
  CursorTable,
  FarewellTable,
  InboundItemTable,
  LeftOutTable,
  SelfTestTable,
  SilenceTable,
  TryOutTable,
} from './schema/channels.ts'
import type {
  AttachmentTable,
  CallTable,
  EventTable,
  FormTable,
  InsightQueueTable,
  IntentExampleTable,
  InteractionTable,
  JobTable,
  MailTable,
  MentionTable,
  MessageInsightTable,
  NoteVersionTable,
  TemplateTable,
  TextTable,
} from './schema/interactions.ts'
import type {
  AlertTable,
  ClockTable,
  LeadFactTable,
  LeadTable,
  RescoreRunTable,
  SavedViewTable,
  ScoreLedgerTable,
  ScoreModelTable,
  TaskTable,
} from './schema/leads.ts'
import type {
  DistinctPeopleTable,
  HandleTable,
  ImportRowTable,
  ImportRunTable,
  LabelTable,
  LookupTable,
  PersonFieldTable,
  PersonLabelTable,
  PersonMergeTable,
  PersonTable,
  ProviderTable,
  ReadingMarkTable,
  SourceTouchTable,
} from './schema/people.ts'
import type { AbsenceTable, MemberTable, MemberTextTable, OpenLeadTable, RouteStateTable } from './schema/team.ts'

export type * from './schema/channels.ts'
export type * from './schema/interactions.ts'
export type * from './schema/leads.ts'
export type * from './schema/people.ts'
export type * from './schema/team.ts'

/**
 * The tables as the code sees them; `migrations/` makes them. Times are ms UTC, booleans 0/1, JSON is text.
 * Written by hand so that the columns read as domain words, checked against the real database by a test.
 */
export type SettingTable = { key: string; value: string }

export type Database = {
  setting: SettingTable
  member: MemberTable
  absence: AbsenceTable
  route_state: RouteStateTable
  open_lead: OpenLeadTable
  account: AccountTable
  cursor: CursorTable
  arrival: ArrivalTable
  left_out: LeftOutTable
  silence: SilenceTable
  self_test: SelfTestTable
  try_out: TryOutTable
  farewell: FarewellTable
  inbound_item: InboundItemTable
  person: PersonTable
  handle: HandleTable
  lead: LeadTable
  interaction: InteractionTable
  mail: MailTable
  call: CallTable
  text_message: TextTable
  form_submission: FormTable
  attachment: AttachmentTable
  clock: ClockTable
  calendar_feed: CalendarFeedTable
  alert: AlertTable
  member_text: MemberTextTable
  score_ledger: ScoreLedgerTable
  lead_fact: LeadFactTable
  rescore_run: RescoreRunTable
  score_model: ScoreModelTable
  job: JobTable
  event: EventTable
  template: TemplateTable
  source_touch: SourceTouchTable
  person_merge: PersonMergeTable
  distinct_people: DistinctPeopleTable
  import_run: ImportRunTable
  import_row: ImportRowTable
  chat_visitor: ChatVisitorTable
  insight_queue: InsightQueueTable
  message_insight: MessageInsightTable
  intent_example: IntentExampleTable
  provider: ProviderTable
  lookup: LookupTable
  person_field: PersonFieldTable
  reading_mark: ReadingMarkTable
  saved_view: SavedViewTable
  mention: MentionTable
  note_version: NoteVersionTable
  task: TaskTable
  label: LabelTable
  person_label: PersonLabelTable
}
