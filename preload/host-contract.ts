import type { EventMessage, RelayResult } from '../src/rpc/connect.ts'
import type { ErrorBody } from '../src/rpc/errors.ts'

/** Which set of data is open. The sample business has a folder of its own, so it never mixes with real data. */
export type Workspace = 'business' | 'sample'

/** How the engine is doing, so that a window can say "one moment" or offer "Try again". */
export type EngineState =
  | { readonly state: 'starting' | 'running' }
  /** It died and is started again at `retryAt` (ms UTC). */
  | { readonly state: 'restarting'; readonly attempt: number; readonly retryAt: number }
  /** It is not started again by itself; `error` says why in the user's words. `retryEngine` tries once more. */
  | { readonly state: 'gave-up'; readonly error: ErrorBody }
  | { readonly state: 'stopped' }

export type SecretsBackend = {
  /** Electron's name for it: `gnome_libsecret`, `kwallet6`, `keychain`, `dpapi`, `basic_text`, ... */
  readonly name: string
  /** False when passwords are only scrambled, because this computer has no keyring. */
  readonly protected: boolean
  /** One sentence for the settings page. */
  readonly message: string
}

/** What the main process does for a window: name → its one argument and its answer. */
export type HostServices = {
  /** Opens an https, mailto or tel address in the program the computer has for it; refuses everything else. */
  readonly openExternal: { input: { readonly url: string }; output: { readonly opened: boolean } }
  /** Asks where to save. `path` is null when the person changed their mind. */
  readonly chooseSavePath: {
    input: { readonly suggestedName: string; readonly title?: string }
    output: { readonly path: string | null }
  }
  /** Asks for a file to read, for instance a backup to restore. */
  readonly chooseOpenPath: {
    input: { readonly title?: string; readonly extensions?: readonly string[] }
    output: { readonly path: string | null }
  }
  /** Asks where to save and writes the bytes there, all or nothing. Never opens the file. */
  readonly saveFile: {
    input: { readonly suggestedName: string; readonly bytes: Uint8Array }
    output: { readonly path: string | null }
  }
  readonly workspace: {
    input: Record<never, never>
    output: { readonly current: Workspace; readonly sampleExists: boolean; readonly dataFolder: string }
  }
  /** Stops the engine and starts it on the other data; answers once it runs. `engine.ready` tells windows to refetch. */
  readonly openWorkspace: { input: { readonly workspace: Workspace }; output: Record<never, never> }
  /** Goes back to the business if need be and deletes everything of the sample. */
  readonly removeSample: { input: Record<never, never>; output: Record<never, never> }
  readonly engineState: { input: Record<never, never>; output: EngineState }
  /** "Try again" after the engine gave up. */
  readonly retryEngine: { input: Record<never, never>; output: EngineState }
  /**
   * Starts the engine on a backup after it gave up, for instance on a damaged file, which is kept beside it. While an
   * engine runs, `store.restore` does that. A backup that is no good changes nothing and is the error of this call.
   */
  readonly restoreBackup: { input: { readonly path: string }; output: Record<never, never> }
  readonly secretsBackend: { input: Record<never, never>; output: SecretsBackend }
  readonly copyText: { input: { readonly text: string }; output: Record<never, never> }
  /** A number on the dock or task bar, where the system has such a thing. 0 removes it. */
  readonly setBadge: { input: { readonly count: number }; output: Record<never, never> }
  /** Shows a desktop notification to see whether they arrive. */
  readonly testNotification: { input: Record<never, never>; output: { readonly supported: boolean } }
  /** Makes Deskbell the program for `tel:` links on web pages, or stops that. */
  readonly handleTelLinks: { input: { readonly on: boolean }; output: { readonly on: boolean } }
  readonly about: {
    input: Record<never, never>
    output: {
      readonly version: string
      readonly electron: string
      readonly platform: string
      readonly dataFolder: string
    }
  }
  /** To be called once, when the window listens: events that came before (a clicked `tel:` link) are sent then. */
  readonly ready: { input: Record<never, never>; output: { readonly dark: boolean | null } }
}

export type HostServiceName = keyof HostServices

export type HostResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorBody }

/** What main tells a window without being asked. */
export type HostEvent =
  | { readonly name: 'engine.state'; readonly payload: EngineState }
  /** A notification or the tray was clicked. */
  | { readonly name: 'person.open'; readonly payload: { readonly personId: number } }
  | { readonly name: 'note.open'; readonly payload: { readonly personId: number; readonly interactionId: number } }
  /** A button of a notification: the person is opened, and answered or called. */
  | {
      readonly name: 'lead.act'
      readonly payload: { readonly personId: number; readonly action: 'answer' | 'call' }
    }
  /** A notification about a channel was clicked. */
  | { readonly name: 'health.open'; readonly payload: Record<never, never> }
  /** A `tel:` link was clicked somewhere: show who it is and offer to dial. */
  | { readonly name: 'dial.asked'; readonly payload: { readonly number: string } }
  /** A link in a mail was clicked. Nothing is open yet: show the real host, then call `openExternal`. */
  | { readonly name: 'link.asked'; readonly payload: { readonly url: string } }

/** `window.deskbell`: all a window can reach. */
export type DeskbellBridge = {
  /** A call to the engine (src/rpc/contract.ts). Always resolves. */
  readonly call: (method: string, input: unknown) => Promise<RelayResult>
  /** Events of the engine. Answers the function that stops listening. */
  readonly onEvent: (listener: (event: EventMessage) => void) => () => void
  readonly host: {
    readonly [S in HostServiceName]: (input: HostServices[S]['input']) => Promise<HostResult<HostServices[S]['output']>>
  } & { readonly onEvent: (listener: (event: HostEvent) => void) => () => void }
}

declare global {
  interface Window {
    readonly deskbell: DeskbellBridge
  }
}
