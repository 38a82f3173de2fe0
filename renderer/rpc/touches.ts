import type { EventPayload, MethodName } from '../../src/rpc/contract.ts'

export type StoreChange = Pick<EventPayload<'store.changed'>, 'tables' | 'personIds'>
type ChangedTable = StoreChange['tables'][number]

/** Which queries show something of a table. A query that is not named here is fetched again only after a restart. */
const shownBy: Readonly<Record<ChangedTable, readonly MethodName[]>> = {
  lead: [
    'inbox.list',
    'inbox.row',
    'inbox.counts',
    'inbox.viewCounts',
    'inbox.urgent',
    'people.card',
    'people.timeline',
    'tasks.ofPerson',
    'tasks.list',
    'tasks.counts',
    'contact.openCalls',
    'convert.lead',
    'predict.lead',
    'predict.review',
  ],
  person: [
    'inbox.list',
    'inbox.row',
    'inbox.search',
    'people.card',
    'people.timeline',
    'people.blocks',
    'people.find',
    'people.duplicates',
    'enrich.person',
    'contact.openCalls',
  ],
  interaction: [
    'score.textModel',
    'inbox.list',
    'inbox.row',
    'inbox.counts',
    'inbox.urgent',
    'people.card',
    'people.timeline',
    'people.duplicates',
    'contact.openCalls',
  ],
  job: ['inbox.list', 'inbox.row', 'people.timeline', 'firstAnswer.get'],
  account: ['channels.list', 'channels.health'],
  template: ['templates.list', 'templates.render'],
  member: ['team.list', 'settings.get', 'inbox.list', 'inbox.row', 'people.card'],
  setting: [
    'settings.get',
    'contact.ladder',
    'firstAnswer.get',
    'score.tryRules',
    'score.deadRules',
    'inbox.list',
    'inbox.row',
    'inbox.counts',
    'inbox.urgent',
    'inbox.views',
    'inbox.viewCounts',
    'inbox.snoozeTimes',
    'people.card',
    'enrich.providers',
    'convert.choices',
    'predict.lead',
    'predict.review',
  ],
}

/** Of one person, and still about all: somebody else may turn out to be the same. */
const aboutOthers: readonly MethodName[] = ['people.duplicates']

/** Whether a change is about what a query shows. Queries of one person are left alone by changes of others. */
export function touches(change: StoreChange, queryKey: readonly unknown[]): boolean {
  const [method, input] = queryKey
  if (!change.tables.some((table) => shownBy[table].some((name) => name === method))) return false
  if (change.personIds.length === 0 || typeof input !== 'object' || input === null || !('personId' in input))
    return true
  if (change.tables.includes('person') && aboutOthers.some((name) => name === method)) return true
  return change.personIds.some((personId) => personId === input.personId)
}
