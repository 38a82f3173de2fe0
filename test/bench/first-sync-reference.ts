import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Mailbox = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly count: number
}

/** How long each of the two took, ms. */
export type ReferenceTimes = { readonly mbsync: number; readonly notmuch: number }

/**
 * What a mail power user runs today: mbsync brings a mailbox here, notmuch makes it searchable. Both are Debian's; root
 * installs them when they are missing.
 * @param use what to do with the searchable mailbox before it is removed, given its notmuch configuration
 * @returns null when they are not there and we may not install them
 */
export async function runReference(
  mailbox: Mailbox,
  use: (notmuchConfig: string) => Promise<void> = async () => {},
): Promise<ReferenceTimes | null> {
  if (!install()) return null
  const directory = mkdtempSync(join(tmpdir(), 'deskbell-reference-'))
  try {
    const maildir = join(directory, 'mail')
    mkdirSync(maildir)
    const mbsyncConfig = join(directory, 'mbsyncrc')
    writeFileSync(mbsyncConfig, mbsyncrc(mailbox, maildir))
    const notmuchConfig = join(directory, 'notmuchrc')
    writeFileSync(notmuchConfig, notmuchrc(mailbox, maildir))
    const mbsync = await timed('mbsync', ['-q', '-c', mbsyncConfig, 'bench'])
    const env = { ...process.env, NOTMUCH_CONFIG: notmuchConfig }
    const notmuch = await timed('notmuch', ['new', '--quiet'], env)
    const found = spawnSync('notmuch', ['count', '*'], { env, encoding: 'utf8' }).stdout.trim()
    if (Number(found) !== mailbox.count) throw new Error(`notmuch has ${found} of ${mailbox.count} messages`)
    await use(notmuchConfig)
    return { mbsync, notmuch }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function install(): boolean {
  const there = () => ['mbsync', 'notmuch'].every((it) => spawnSync('which', [it]).status === 0)
  if (there()) return true
  if (process.getuid?.() !== 0) return false
  spawnSync('apt-get', ['update'])
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'isync', 'notmuch'])
  return there()
}

async function timed(program: string, args: readonly string[], env = process.env): Promise<number> {
  const started = performance.now()
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
  return performance.now() - started
}

/** Without fsync: our database does not wait for the disk after each mail either. */
const mbsyncrc = ({ host, port, user, password }: Mailbox, maildir: string) => `
FSync no
IMAPAccount bench
Host ${host}
Port ${port}
User ${user}
Pass ${password}
SSLType None
AuthMechs LOGIN

IMAPStore remote
Account bench

MaildirStore local
Path ${maildir}/
Inbox ${maildir}/INBOX

Channel bench
Far :remote:
Near :local:
Patterns INBOX
Create Near
SyncState *
`

const notmuchrc = ({ user }: Mailbox, maildir: string) => `
[database]
path=${maildir}
[user]
name=Bench
primary_email=${user}
[new]
tags=unread;inbox;
[maildir]
synchronize_flags=true
`
