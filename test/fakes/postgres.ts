import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

const root = '/usr/lib/postgresql'

/** Folder with the programs of Debian's newest PostgreSQL; null when the package `postgresql` is not installed. */
export function postgresPrograms(): string | null {
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map((it) => join(root, it, 'bin')).find((it) => existsSync(join(it, 'initdb'))) ?? null
}

export type TestPostgres = { readonly url: string; readonly stop: () => Promise<void> }

/** A PostgreSQL of its own in a folder of its own, on a free port of the loopback address. */
export async function startPostgres(programs: string): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-postgres-'))
  // It refuses to run as root, so root runs it as the user that its package made.
  const user = process.getuid?.() === 0 ? userOf('postgres') : null
  if (user) chownSync(folder, user.uid, user.gid)
  chmodSync(folder, 0o700)
  const as = user ?? {}
  const data = join(folder, 'data')
  const make = ['-D', data, '-U', 'deskbell', '-A', 'trust', '-E', 'UTF8', '--no-sync']
  execFileSync(join(programs, 'initdb'), make, { ...as, stdio: 'pipe', cwd: folder })
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`, '-p', String(port)]
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings], { ...as, stdio: 'ignore', cwd: folder })
  const url = `postgres://deskbell@127.0.0.1:${port}/postgres`
  await eventually('PostgreSQL answers', async () => {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      return true
    } finally {
      await client.end().catch(() => {})
    }
  })
  return {
    url,
    stop: async () => {
      // SIGINT: at once, whoever is connected.
      server.kill('SIGINT')
      if (server.exitCode === null) await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function userOf(name: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
