import type { EmailSettings, MailFolder } from '../../src/channels/contract.ts'

type Capture = NonNullable<EmailSettings['capture']>

/** What is taken in, while it is being chosen: a choice that was left for another is not lost. */
export type CaptureDraft = {
  readonly kind: Capture['kind']
  readonly folders: readonly string[]
  readonly excluded: readonly string[]
}

/** As the engine accepts it. */
export const mostFolders = 5

export function draftOf(capture: Capture | undefined): CaptureDraft {
  return {
    kind: capture?.kind ?? 'everything',
    folders: capture?.kind === 'folders' ? capture.folders : [],
    excluded: capture?.kind === 'unknown-senders' ? capture.excluded : [],
  }
}

export function captureOf({ kind, folders, excluded }: CaptureDraft): Capture {
  switch (kind) {
    case 'everything':
      return { kind }
    case 'folders':
      return { kind, folders: [...folders] }
    case 'unknown-senders':
      return { kind, excluded: [...excluded] }
  }
}

/** Addresses and domains as they were typed or pasted ("Ann Lee <ann@home.example>, @home.example"), each once. */
export function cleanExcluded(typed: readonly string[]): string[] {
  const parts = typed.flatMap((it) => it.split(/[,;\n]/))
  const entries = parts.flatMap((it) => /<([^<>]+)>/.exec(it)?.[1] ?? it.split(/\s+/))
  const clean = entries.map((it) => it.trim().toLowerCase().replace(/^@/, ''))
  return [...new Set(clean.filter((it) => it !== ''))]
}

/** @returns what is wrong with the choice; null when nothing is */
export function captureProblem({ kind, folders, excluded }: CaptureDraft): string | null {
  if (kind === 'folders' && folders.length === 0) return 'Choose a folder, or take in everything.'
  const odd = kind === 'unknown-senders' ? excluded.find((it) => !/^([^@\s]+@)?[^@\s]+\.[^@\s.]+$/.test(it)) : undefined
  return odd === undefined ? null : `“${odd}” is neither an address nor the part behind the @.`
}

const roleNames: Readonly<Partial<Record<NonNullable<MailFolder['role']>, string>>> = {
  inbox: 'Inbox',
  sent: 'Sent',
  all: 'All mail',
  junk: 'Spam',
  archive: 'Archive',
}

export type FolderChoice = {
  readonly path: string
  readonly label: string
  /** Null when the server did not say, or does not have the folder any more. */
  readonly messages: number | null
  readonly gone: boolean
}

/** What can be chosen: leads are never among drafts or in the trash; a folder that was chosen once is listed all the same. */
export function folderChoices(found: readonly MailFolder[], chosen: readonly string[]): FolderChoice[] {
  const shown = found.filter(({ role, path }) => (role !== 'drafts' && role !== 'trash') || chosen.includes(path))
  const gone = chosen.filter((path) => !found.some((it) => it.path === path))
  return [
    ...shown.map(({ path, role, messages }) => ({
      path,
      label: (role && roleNames[role]) ?? path,
      messages,
      gone: false,
    })),
    ...gone.map((path) => ({ path, label: path, messages: null, gone: true })),
  ]
}
