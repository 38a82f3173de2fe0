import { once } from 'node:events'
import net from 'node:net'

/**
 * As much of Gmail's IMAP as Deskbell talks to, after developers.google.com/workspace/gmail/imap/imap-extensions: every
 * mail lies once in All Mail and appears in each of its labels under a UID of that label, always with one X-GM-MSGID.
 */
export type GmailDouble = {
  readonly host: '127.0.0.1'
  readonly port: number
  /** @param labels as Gmail writes them: `\\Inbox`, `\\Sent`, `\\Draft`, or a name */
  readonly deliver: (raw: string, labels: readonly string[], thread?: string) => void
  /** Commands in order, without tags. */
  readonly commands: readonly string[]
  readonly close: () => Promise<void>
}

type Message = {
  readonly id: string
  readonly thread: string
  readonly labels: readonly string[]
  readonly raw: Buffer
  readonly at: Date
}
type Folder = { readonly path: string; readonly flag: string; readonly label: string | null }

const system: readonly Folder[] = [
  { path: 'INBOX', flag: '\\HasNoChildren', label: '\\Inbox' },
  { path: '[Gmail]/All Mail', flag: '\\All', label: null },
  { path: '[Gmail]/Sent Mail', flag: '\\Sent', label: '\\Sent' },
  { path: '[Gmail]/Drafts', flag: '\\Drafts', label: '\\Draft' },
]

export async function startGmailDouble(): Promise<GmailDouble> {
  const messages: Message[] = []
  const commands: string[] = []
  const sessions = new Set<Session>()
  const world: World = {
    commands,
    folders: () => {
      const own = new Set(messages.flatMap((it) => it.labels).filter((label) => !label.startsWith('\\')))
      return [...system, ...[...own].map((label) => ({ path: label, flag: '\\HasNoChildren', label }))]
    },
    // A UID that is not the sequence number, so that mixing them up fails.
    inFolder: ({ label }) =>
      messages
        .filter((it) => label === null || it.labels.includes(label))
        .map((message, i) => ({ message, uid: 101 + i })),
  }
  const server = net.createServer((socket) => {
    const session = serveSession(socket, world)
    sessions.add(session)
    socket.on('error', () => {})
    socket.once('close', () => sessions.delete(session))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as net.AddressInfo).port,
    commands,
    deliver: (raw, labels, thread) => {
      const id = String(1_278_455_344_230_334_000n + BigInt(messages.length))
      messages.push({ id, thread: thread ?? id, labels, raw: Buffer.from(raw), at: new Date() })
      for (const session of sessions) session.announce()
    },
    close: async () => {
      for (const session of sessions) session.close()
      server.close()
      await once(server, 'close')
    },
  }
}

type World = {
  readonly commands: string[]
  readonly folders: () => readonly Folder[]
  readonly inFolder: (folder: Folder) => readonly { readonly message: Message; readonly uid: number }[]
}
type Session = { readonly announce: () => void; readonly close: () => void }

function serveSession(socket: net.Socket, world: World): Session {
  let open: Folder | null = null
  let idle: string | null = null
  let buffered = ''
  const say = (line: string | Buffer) => socket.write(typeof line === 'string' ? `${line}\r\n` : line)
  const exists = () => open && say(`* ${world.inFolder(open).length} EXISTS`)

  const answer = (tag: string, text: string): unknown => {
    world.commands.push(text)
    const [name = '', ...words] = text.split(' ')
    const rest = words.join(' ')
    const command = name.toUpperCase() === 'UID' ? `UID ${words[0]?.toUpperCase()}` : name.toUpperCase()
    switch (command) {
      case 'CAPABILITY':
        say('* CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE SPECIAL-USE ID SASL-IR AUTH=PLAIN UIDPLUS X-GM-EXT-1')
        break
      case 'ID':
        say('* ID ("name" "GImap" "vendor" "Google, Inc.")')
        break
      case 'NAMESPACE':
        say('* NAMESPACE (("" "/")) NIL NIL')
        break
      case 'LIST':
      case 'LSUB':
        for (const { path, flag } of world.folders()) say(`* ${command} (${flag}) "/" "${path}"`)
        break
      case 'SELECT':
      case 'EXAMINE': {
        const path = rest.replaceAll('"', '').replace(/ \(.*$/, '')
        open = world.folders().find((it) => it.path === path) ?? null
        if (!open) return say(`${tag} NO [NONEXISTENT] Unknown Mailbox: ${path}`)
        const last = world.inFolder(open).at(-1)?.uid ?? 100
        say('* FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen)')
        exists()
        say('* OK [UIDVALIDITY 11] UIDs valid.')
        say(`* OK [UIDNEXT ${last + 1}] Predicted next UID.`)
        break
      }
      case 'NOOP':
        exists()
        break
      case 'UID SEARCH':
        say(['* SEARCH', ...search(rest.slice('SEARCH '.length))].join(' '))
        break
      case 'UID FETCH':
        fetch(rest.slice('FETCH '.length))
        break
      case 'IDLE':
        idle = tag
        return say('+ idling')
      case 'LOGOUT':
        say('* BYE')
        say(`${tag} OK`)
        return socket.end()
    }
    return say(`${tag} OK done`)
  }

  const here = () => (open ? world.inFolder(open) : [])
  const search = (query: string): number[] => {
    const thread = /X-GM-THRID (\d+)/.exec(query)?.[1]
    if (thread) return here().flatMap(({ message, uid }) => (message.thread === thread ? uid : []))
    const range = /UID (\S+)/.exec(query)?.[1]
    return here().flatMap(({ uid }) => (!range || isIn(range, uid) ? uid : []))
  }
  const fetch = (query: string) => {
    const range = query.slice(0, query.indexOf(' '))
    for (const [index, { message, uid }] of here().entries()) {
      if (!isIn(range, uid)) continue
      const labels = message.labels.filter((it) => it !== open?.label).map((it) => `"${it.replaceAll('\\', '\\\\')}"`)
      const parts = [
        `UID ${uid}`,
        `INTERNALDATE "${internalDate(message.at)}"`,
        `RFC822.SIZE ${message.raw.length}`,
        `X-GM-MSGID ${message.id}`,
        `X-GM-THRID ${message.thread}`,
        `X-GM-LABELS (${labels.join(' ')})`,
        `ENVELOPE ${envelope(message.raw.toString())}`,
      ]
      const body = /BODY/i.test(query) ? ` BODY[]<0> {${message.raw.length}}\r\n${message.raw}` : ''
      say(`* ${index + 1} FETCH (${parts.join(' ')}${body})`)
    }
  }

  socket.on('data', (data) => {
    buffered += data.toString('latin1')
    for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
      const line = buffered.slice(0, end)
      buffered = buffered.slice(end + 2)
      if (idle !== null && line.toUpperCase() === 'DONE') {
        say(`${idle} OK IDLE terminated`)
        idle = null
      } else {
        const space = line.indexOf(' ')
        answer(line.slice(0, space), line.slice(space + 1))
      }
    }
  })
  say('* OK Gimap ready for requests')
  return {
    announce: () => {
      if (idle !== null) exists()
    },
    close: () => socket.destroy(),
  }
}

function isIn(range: string, uid: number): boolean {
  return range.split(',').some((part) => {
    const [first = '', last = first] = part.split(':')
    return uid >= Number(first) && (last === '*' || uid <= Number(last))
  })
}

function internalDate(at: Date): string {
  const [, weekdayless = ''] = at.toUTCString().split(', ')
  return `${weekdayless.replace(/^(\d+) (\w+) (\d+)/, '$1-$2-$3').replace(' GMT', '')} +0000`
}

/** Only what is asked for here: the Message-ID and the recipients. */
function envelope(raw: string): string {
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1]?.trim()
  const quoted = (value: string | undefined) => (value === undefined ? 'NIL' : `"${value.replaceAll('"', '')}"`)
  const [mailbox, host] = /([^\s<]+)@([^\s>]+)/.exec(header('To') ?? '')?.slice(1) ?? []
  const to = mailbox ? `((NIL NIL "${mailbox}" "${host}"))` : 'NIL'
  return `(NIL ${quoted(header('Subject'))} NIL NIL NIL ${to} NIL NIL NIL ${quoted(header('Message-ID'))})`
}
