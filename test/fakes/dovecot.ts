import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import { type Certificate, makeCertificate } from './certificate.ts'
import { type FaultyLink, freePort, startFaultyLink } from './faulty-link.ts'

/**
 * A real Dovecot for tests, in a directory of its own. Every user exists with the password `pw`, and every other
 * password is refused. Clients reach it through links that can be cut or frozen, on ports that survive a restart.
 */
export type Dovecot = {
  readonly host: '127.0.0.1'
  /** Plain text, with STARTTLS offered. */
  readonly port: number
  /** TLS from the first byte. */
  readonly tlsPort: number
  /** The certificate to trust; without it clients must refuse. */
  readonly ca: string
  readonly links: readonly FaultyLink[]
  /** Past the links, for measuring throughput. */
  readonly directPort: () => number
  /** IMAP APPEND. @returns the UID the message got */
  readonly append: (user: string, raw: string | Buffer, options?: AppendOptions) => Promise<number>
  /** Puts many messages into a folder at once, the way a delivery agent does; they must not depend on UID order. */
  readonly deliverMany: (user: string, raws: Iterable<string | Buffer>, folder?: string) => number
  /** Message-IDs now in a folder, in UID order. */
  readonly messageIds: (user: string, folder: string) => Promise<string[]>
  readonly deleteMessages: (user: string, folder: string, uids: string) => Promise<void>
  /** Into a folder that is made for it. */
  readonly moveMessages: (user: string, folder: string, uids: string, to: string) => Promise<void>
  readonly deleteFolder: (user: string, folder: string) => Promise<void>
  /** Empties a folder and makes it anew (UIDVALIDITY changes), then appends what it held before, in the same order. */
  readonly rebuildFolder: (user: string, folder: string) => Promise<void>
  readonly dropConnections: () => void
  readonly freeze: () => void
  readonly thaw: () => void
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  /** Stops for good and removes everything. */
  readonly close: () => Promise<void>
  readonly log: () => string
}

export type AppendOptions = {
  readonly folder?: string
  readonly flags?: readonly string[]
  /** INTERNALDATE */
  readonly at?: Date
}

export type DovecotOptions = {
  /** Asked whether an access token is good and whose it is (RFC 7662); then XOAUTH2 and OAUTHBEARER are offered, too. */
  readonly introspectionUrl?: string
}

export const mailPassword = 'pw'
const binary = '/usr/sbin/dovecot'

/** @throws when Dovecot is not installed or does not come up; the message holds its log */
export async function startDovecot({ introspectionUrl }: DovecotOptions = {}): Promise<Dovecot> {
  if (!existsSync(binary)) throw new Error('Dovecot is missing: apt-get install dovecot-core dovecot-imapd')
  const directory = mkdtempSync(join(tmpdir(), 'deskbell-dovecot-'))
  const owner = unprivilegedOwner()
  const own = (path: string) => {
    if (process.getuid?.() === 0) chownSync(path, owner.uid, owner.gid)
  }
  own(directory)
  const certificate = makeCertificate(directory)
  let ports = { plain: 0, tls: 0 }
  let child: ChildProcess | undefined
  const logFile = join(directory, 'dovecot.log')
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '')

  const start = async () => {
    // A port found free may be taken by another process before Dovecot binds it.
    for (let attempt = 1; ; attempt++) {
      ports = { plain: await freePort(), tls: await freePort() }
      const configFile = join(directory, 'dovecot.conf')
      const base = configuration(directory, owner, ports, certificate)
      writeFileSync(configFile, introspectionUrl ? base + tokenLogin(directory, introspectionUrl) : base)
      const started = spawn(binary, ['-F', '-c', configFile], {
        stdio: 'ignore',
        ...(process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid } : {}),
      })
      child = started
      if ((await answers(ports.plain, started)) && (await answers(ports.tls, started))) return
      await stop()
      if (attempt === 3) throw new Error(`Dovecot did not start:\n${log()}`)
    }
  }
  const stop = async () => {
    const stopping = child
    child = undefined
    // Sessions that idle would be waited for.
    for (const link of links) link.dropConnections()
    if (stopping && stopping.exitCode === null && stopping.signalCode === null) {
      stopping.kill('SIGTERM')
      await once(stopping, 'exit')
    }
  }
  const killNow = () => child?.kill('SIGKILL')
  process.on('exit', killNow)
  const plainLink = await startFaultyLink(() => ports.plain)
  const tlsLink = await startFaultyLink(() => ports.tls)
  const links = [plainLink, tlsLink]
  await start()

  const withClient = async <T>(user: string, task: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: ports.plain,
      secure: false,
      doSTARTTLS: false,
      auth: { user, pass: mailPassword },
      logger: false,
    })
    client.on('error', () => {})
    await client.connect()
    try {
      return await task(client)
    } finally {
      await client.logout()
    }
  }

  const append: Dovecot['append'] = (user, raw, options = {}) =>
    withClient(user, async (client) => {
      const content = typeof raw === 'string' ? Buffer.from(raw) : raw
      const done = await client.append(options.folder ?? 'INBOX', content, [...(options.flags ?? [])], options.at)
      if (!done || done.uid === undefined) throw new Error('APPEND was refused')
      return done.uid
    })

  const readAll = async (client: ImapFlow) => {
    // 1:* of an empty folder is an error.
    if (!client.mailbox || client.mailbox.exists === 0) return []
    return client.fetchAll('1:*', { uid: true, source: true, envelope: true, flags: true, internalDate: true })
  }

  let delivered = 0
  return {
    host: '127.0.0.1',
    port: plainLink.port,
    tlsPort: tlsLink.port,
    ca: certificate.cert,
    links,
    directPort: () => ports.plain,
    append,
    deliverMany: (user, raws, folder = 'INBOX') => {
      const root = join(directory, 'mail', user, 'Maildir')
      const box = folder === 'INBOX' ? root : join(root, `.${folder}`)
      for (const path of [join(directory, 'mail'), join(directory, 'mail', user), root, box]) makeOwned(path, own)
      for (const part of ['cur', 'new', 'tmp']) makeOwned(join(box, part), own)
      let count = 0
      for (const raw of raws) {
        // Microseconds as they fall: numbers in step with the seconds get the same hash in Dovecot, thousands of them.
        const name = `${1_700_000_000 + delivered}.M${(delivered * 104_729) % 1_000_000}P1.test`
        delivered++
        count++
        const file = join(box, 'tmp', name)
        writeFileSync(file, raw)
        own(file)
        renameSync(file, join(box, 'new', name))
      }
      return count
    },
    messageIds: (user, folder) =>
      withClient(user, async (client) => {
        const lock = await client.getMailboxLock(folder)
        try {
          const all = await readAll(client)
          return all.map((message) => message.envelope?.messageId ?? '')
        } finally {
          lock.release()
        }
      }),
    deleteMessages: (user, folder, uids) =>
      withClient(user, async (client) => {
        const lock = await client.getMailboxLock(folder)
        try {
          await client.messageDelete(uids, { uid: true })
        } finally {
          lock.release()
        }
      }),
    moveMessages: (user, folder, uids, to) =>
      withClient(user, async (client) => {
        await client.mailboxCreate(to)
        const lock = await client.getMailboxLock(folder)
        try {
          await client.messageMove(uids, to, { uid: true })
        } finally {
          lock.release()
        }
      }),
    deleteFolder: (user, folder) =>
      withClient(user, async (client) => {
        await client.mailboxDelete(folder)
      }),
    rebuildFolder: async (user, folder) => {
      if (folder !== 'INBOX') {
        await withClient(user, async (client) => {
          const lock = await client.getMailboxLock(folder)
          const messages = await readAll(client).finally(() => lock.release())
          await client.mailboxClose()
          await client.mailboxDelete(folder)
          await client.mailboxCreate(folder)
          for (const message of messages) {
            await client.append(
              folder,
              message.source ?? Buffer.alloc(0),
              [...(message.flags ?? [])],
              message.internalDate,
            )
          }
        })
        return
      }
      // No client may delete INBOX; a server restored from a backup forgets its index the same way.
      await stop()
      const root = join(directory, 'mail', user, 'Maildir')
      const list = join(root, 'dovecot-uidlist')
      const before = /^3 V(\d+)/.exec(readFileSync(list, 'utf8'))?.[1]
      const rest = readFileSync(list, 'utf8').split('\n').slice(1).join('\n')
      for (const name of ['dovecot.index', 'dovecot.index.log', 'dovecot.index.cache', 'dovecot.index.log.2']) {
        rmSync(join(root, name), { force: true })
      }
      // Every message also gets a new UID, far from the old one.
      const shifted = rest.replace(/^(\d+)/gm, (uid) => String(Number(uid) + 1000))
      writeFileSync(
        list,
        `3 V${Number(before) + 7} N${nextUid(shifted)} G${randomBytes(16).toString('hex')}\n${shifted}`,
      )
      own(list)
      utimesSync(root, new Date(), new Date())
      await start()
    },
    dropConnections: () => {
      for (const link of links) link.dropConnections()
    },
    freeze: () => {
      for (const link of links) link.freeze()
    },
    thaw: () => {
      for (const link of links) link.thaw()
    },
    stop,
    start,
    close: async () => {
      process.off('exit', killNow)
      for (const link of links) await link.close()
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
    log,
  }
}

function makeOwned(path: string, own: (path: string) => void) {
  if (existsSync(path)) return
  mkdirSync(path)
  own(path)
}

function nextUid(uidlist: string): number {
  return Math.max(0, ...[...uidlist.matchAll(/^(\d+)/gm)].map((match) => Number(match[1]))) + 1
}

/** Dovecot refuses to read mail as root, so root hands it to `nobody`; anybody else runs it as themselves. */
function unprivilegedOwner() {
  const me = userInfo()
  if (me.uid !== 0) return { name: me.username, uid: me.uid, gid: me.gid }
  return { name: 'nobody', uid: 65534, gid: 65534 }
}

/** Resolves true once the port greets, false when the process died first. */
async function answers(port: number, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (open) return true
    await new Promise((resolve) => setImmediate(resolve))
  }
  return false
}

function configuration(
  directory: string,
  owner: { name: string; uid: number; gid: number },
  ports: { plain: number; tls: number },
  certificate: Certificate,
): string {
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/dovecot.log
default_internal_user = ${owner.name}
default_internal_group = ${groupName(owner.gid)}
default_login_user = ${owner.name}
ssl = yes
ssl_cert = <${certificate.certFile}
ssl_key = <${certificate.keyFile}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_fsync = never
first_valid_uid = 1
mail_max_userip_connections = 50
imap_idle_notify_interval = 20 min
passdb {
  driver = static
  args = password=${mailPassword}
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${directory}/mail/%u
}
namespace inbox {
  inbox = yes
  mailbox Drafts {
    auto = subscribe
    special_use = \\Drafts
  }
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
  mailbox Junk {
    auto = subscribe
    special_use = \\Junk
  }
  mailbox Trash {
    auto = subscribe
    special_use = \\Trash
  }
}
service anvil {
  chroot =
  # Otherwise every login after a wrong password waits for seconds.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${ports.plain}
  }
  inet_listener imaps {
    port = ${ports.tls}
    ssl = yes
  }
}
`
}

function tokenLogin(directory: string, introspectionUrl: string): string {
  const file = join(directory, 'oauth2.conf')
  writeFileSync(
    file,
    `introspection_mode = post\nintrospection_url = ${introspectionUrl}\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n`,
  )
  return `
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${file}
}
`
}

function groupName(gid: number): string {
  const line = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find((entry) => entry.split(':')[2] === String(gid))
  return line?.split(':')[0] ?? String(gid)
}
