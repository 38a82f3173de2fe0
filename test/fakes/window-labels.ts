import type { InboxRow } from '../../src/inbox/contract.ts'
import { notFound } from '../../src/rpc/errors.ts'

type Rows = {
  readonly rows: () => readonly InboxRow[]
  /** Changes rows one by one; answers how to take it back. */
  readonly change: (leadIds: readonly number[], patch: (row: InboxRow) => Partial<InboxRow>) => { undoId: number }
}

/** Some people wear labels, some more than a row has room for. */
export const labelsFor = (id: number): string[] =>
  id % 5 === 1 ? ['VIP'] : id % 5 === 2 ? ['Second home', 'Recommended by a very good friend', 'VIP'] : []

/** What the window asks of labels, and of a template to many. */
export const labelAnswers = ({ rows, change }: Rows) => ({
  'inbox.labels': () => {
    const names = [...new Set(['Builder', ...rows().flatMap((row) => row.labels)])].sort()
    return {
      labels: names.map((name, at) => ({
        ...{ id: at + 1, name },
        people: rows().filter((row) => row.labels.includes(name)).length,
      })),
    }
  },
  'inbox.label': ({ leadIds, name, on }: { leadIds: number[]; name: string; on: boolean }) =>
    change(leadIds, ({ labels }) => ({
      labels: on ? [...new Set([...labels, name])].sort() : labels.filter((it) => it !== name),
    })),
  'inbox.renameLabel': () => ({}),
  'inbox.removeLabel': () => ({}),
  'inbox.restoreLabel': () => ({}),
  'templates.tryOnMany': ({ leadIds }: { leadIds: number[] }) => {
    const people = leadIds.map((leadId) => {
      const row = rows().find((it) => it.leadId === leadId)
      if (!row) throw notFound('This lead')
      return row
    })
    const [ready, blocked] = [people.filter((_, at) => at % 3 !== 2), people.filter((_, at) => at % 3 === 2)]
    return {
      ready: ready.map(({ personId, name }) => ({
        ...{ personId, name, subject: 'Spring offers' },
        body: `Hi ${name.split(' ')[0]},\n\nspring is here, and so are our offers. Shall we come and have a look?\n\nThe team`,
      })),
      blocked: blocked.map(({ personId, name }) => ({
        ...{ personId, name },
        why: 'This person asked not to get mail, so nothing was sent. Call or text them instead.',
      })),
    }
  },
  'templates.sendToMany': ({ leadIds }: { leadIds: number[] }) => ({
    sent: leadIds.map((leadId, at) => ({
      ...{ personId: leadId - 1000, jobId: 5000 + at },
      leavesAt: Date.now() + 10_000,
    })),
    blocked: [],
  }),
})
