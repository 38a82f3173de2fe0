import type { HookKind } from '../wire.ts'

/** The tables of the queue, the same in SQLite and PostgreSQL. Nothing in them is readable lead data. */
export type QueueTables = {
  workspace: {
    id: string
    public_key: Buffer
    /** SHA-256 of the bearer key. */
    key_hash: Buffer
    last_seq: number
    waiting: number
    waiting_bytes: number
    created_at: number
  }
  hook: {
    workspace: string
    /** SHA-256 of the token. */
    token_hash: Buffer
    kind: HookKind
    /** SHA-256 of what Meta must name in its handshake. */
    verify_hash: Buffer
    created_at: number
  }
  /** What a hook shows to everybody. */
  hook_page: { workspace: string; token_hash: Buffer; page: string }
  /** A browser that chats. */
  chat_visitor: {
    workspace: string
    /** Hash of the secret in the browser. */
    visitor: string
    seen_at: number
    /** Until then somebody is there: the end of their last question, and a little. */
    here_until: number
    last_seq: number
  }
  /** Answers for browsers. The box goes when it was fetched; that it was there stays known for `keepFor`. */
  chat_answer: {
    workspace: string
    visitor: string
    id: string
    seq: number
    box: Buffer | null
    created_at: number
  }
  delivery: {
    workspace: string
    seq: number
    box: Buffer
    size: number
    received_at: number
    /** The desktop it was handed to last. */
    consumer: string | null
    leased_until: number
  }
  /** What was taken already, so that a second delivery of the same thing is told apart. */
  seen: { hash: Buffer; at: number }
  invite: { hash: Buffer; expires_at: number }
}

/** Run at every start; changes nothing when it is there. */
export function schemaOf(dialect: 'sqlite' | 'postgres'): readonly string[] {
  const sqlite = dialect === 'sqlite'
  const [bytes, int, end] = sqlite ? ['BLOB', 'INTEGER', 'STRICT'] : ['BYTEA', 'BIGINT', '']
  return [
    `CREATE TABLE IF NOT EXISTS workspace (
      id TEXT PRIMARY KEY, public_key ${bytes} NOT NULL, key_hash ${bytes} NOT NULL,
      last_seq ${int} NOT NULL, waiting ${int} NOT NULL, waiting_bytes ${int} NOT NULL, created_at ${int} NOT NULL
    ) ${end}`,
    `CREATE TABLE IF NOT EXISTS hook (
      workspace TEXT NOT NULL REFERENCES workspace (id), token_hash ${bytes} NOT NULL, kind TEXT NOT NULL,
      verify_hash ${bytes} NOT NULL, created_at ${int} NOT NULL, PRIMARY KEY (workspace, token_hash)
    ) ${end}`,
    `CREATE TABLE IF NOT EXISTS delivery (
      workspace TEXT NOT NULL REFERENCES workspace (id), seq ${int} NOT NULL, box ${bytes} NOT NULL,
      size ${int} NOT NULL, received_at ${int} NOT NULL, consumer TEXT, leased_until ${int} NOT NULL,
      PRIMARY KEY (workspace, seq)
    ) ${end}`,
    'CREATE INDEX IF NOT EXISTS delivery_age ON delivery (received_at)',
    `CREATE TABLE IF NOT EXISTS hook_page (
      workspace TEXT NOT NULL, token_hash ${bytes} NOT NULL, page TEXT NOT NULL, PRIMARY KEY (workspace, token_hash)
    ) ${end}`,
    `CREATE TABLE IF NOT EXISTS chat_visitor (
      workspace TEXT NOT NULL REFERENCES workspace (id), visitor TEXT NOT NULL, seen_at ${int} NOT NULL,
      here_until ${int} NOT NULL, last_seq ${int} NOT NULL, PRIMARY KEY (workspace, visitor)
    ) ${end}`,
    'CREATE INDEX IF NOT EXISTS chat_visitor_age ON chat_visitor (seen_at)',
    `CREATE TABLE IF NOT EXISTS chat_answer (
      workspace TEXT NOT NULL, visitor TEXT NOT NULL, id TEXT NOT NULL, seq ${int} NOT NULL, box ${bytes},
      created_at ${int} NOT NULL, PRIMARY KEY (workspace, visitor, id), UNIQUE (workspace, visitor, seq)
    ) ${end}`,
    'CREATE INDEX IF NOT EXISTS chat_answer_age ON chat_answer (created_at)',
    `CREATE TABLE IF NOT EXISTS seen (hash ${bytes} PRIMARY KEY, at ${int} NOT NULL) ${sqlite ? 'STRICT, WITHOUT ROWID' : ''}`,
    'CREATE INDEX IF NOT EXISTS seen_age ON seen (at)',
    `CREATE TABLE IF NOT EXISTS invite (hash ${bytes} PRIMARY KEY, expires_at ${int} NOT NULL) ${end}`,
  ]
}
