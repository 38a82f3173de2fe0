import { app, BrowserWindow, clipboard, dialog, safeStorage, shell, type WebContents } from 'electron'
import { z } from 'zod'
import type { HostServiceName, HostServices, Workspace } from '../preload/host-contract.ts'
import { DeskbellError } from '../src/rpc/errors.ts'
import { openOutside } from './hardening.ts'
import { safeFileName, writeWholeFile } from './save-file.ts'
import { secretsBackend } from './secrets.ts'
import type { Supervisor } from './supervisor.ts'
import type { Windows } from './windows.ts'
import type { Workspaces } from './workspaces.ts'

/** Each service with the shape its input must have: windows are not trusted to send what the contract says. */
export type HostHandlers = {
  readonly [S in HostServiceName]: {
    readonly input: z.ZodType<HostServices[S]['input']>
    readonly run: (input: HostServices[S]['input'], sender: WebContents) => Promise<HostServices[S]['output']>
  }
}

export type HostServicesOptions = {
  readonly supervisor: Supervisor
  readonly workspaces: Workspaces
  readonly windows: Windows
  readonly testNotification: () => { supported: boolean }
  readonly dark: boolean | null
}

const none = z.object({})
const fileName = z.string().max(500)
const largestFile = 100 * 1024 * 1024

export function createHostServices(options: HostServicesOptions): HostHandlers {
  const { supervisor, workspaces, windows } = options

  const choosePath = async (sender: WebContents, suggestedName: string, title?: string): Promise<string | null> => {
    const settings = { defaultPath: safeFileName(suggestedName), ...(title ? { title } : {}) }
    const window = BrowserWindow.fromWebContents(sender)
    const answer = await (window ? dialog.showSaveDialog(window, settings) : dialog.showSaveDialog(settings))
    return answer.canceled || !answer.filePath ? null : answer.filePath
  }

  // One after another: a double click must not start two engines.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const work = last.then(task)
    last = work.catch(() => {})
    return work
  }
  const switchTo = async (workspace: Workspace): Promise<void> => {
    if (workspaces.current() === workspace && supervisor.state().state === 'running') return
    await supervisor.stop()
    workspaces.choose(workspace)
    await supervisor.start(workspaces.engineArgs())
  }

  return {
    openExternal: {
      input: z.object({ url: z.string().max(4000) }),
      run: async ({ url }) => ({ opened: await openOutside(shell, url) }),
    },
    chooseSavePath: {
      input: z.object({ suggestedName: fileName, title: z.string().max(200).exactOptional() }),
      run: async ({ suggestedName, title }, sender) => ({ path: await choosePath(sender, suggestedName, title) }),
    },
    chooseOpenPath: {
      input: z.object({
        title: z.string().max(200).exactOptional(),
        extensions: z.array(z.string().regex(/^\w{1,10}$/)).exactOptional(),
      }),
      run: async ({ title, extensions }, sender) => {
        const filters = extensions ? { filters: [{ name: 'Files', extensions: [...extensions] }] } : {}
        const settings = { properties: ['openFile' as const], ...(title ? { title } : {}), ...filters }
        const window = BrowserWindow.fromWebContents(sender)
        const answer = await (window ? dialog.showOpenDialog(window, settings) : dialog.showOpenDialog(settings))
        return { path: answer.filePaths[0] ?? null }
      },
    },
    saveFile: {
      input: z.object({
        suggestedName: fileName,
        bytes: z.instanceof(Uint8Array).refine((bytes) => bytes.length <= largestFile),
      }),
      run: async ({ suggestedName, bytes }, sender) => {
        const path = await choosePath(sender, suggestedName)
        if (path) await writeWholeFile(path, bytes)
        return { path }
      },
    },
    workspace: {
      input: none,
      run: async () => ({
        current: workspaces.current(),
        sampleExists: workspaces.sampleExists(),
        dataFolder: workspaces.folder(),
      }),
    },
    openWorkspace: {
      input: z.object({ workspace: z.enum(['business', 'sample']) }),
      run: async ({ workspace }) => {
        await inTurn(() => switchTo(workspace))
        return {}
      },
    },
    removeSample: {
      input: none,
      run: async () => {
        await inTurn(async () => {
          await switchTo('business')
          await workspaces.deleteSample()
        })
        return {}
      },
    },
    engineState: { input: none, run: async () => supervisor.state() },
    retryEngine: {
      input: none,
      run: async () => {
        await inTurn(supervisor.retry)
        return supervisor.state()
      },
    },
    restoreBackup: {
      input: z.object({ path: z.string().min(1).max(4000) }),
      run: async ({ path }) => {
        // With `=`, or a name that begins with a dash would pass for an option.
        const problem = await inTurn(() => supervisor.attempt([`--restore=${path}`]))
        if (problem) throw new DeskbellError(problem)
        return {}
      },
    },
    secretsBackend: { input: none, run: async () => secretsBackend(safeStorage, process.platform) },
    copyText: {
      input: z.object({ text: z.string().max(1_000_000) }),
      run: async ({ text }) => {
        clipboard.writeText(text)
        return {}
      },
    },
    setBadge: {
      input: z.object({ count: z.number().int().min(0).max(9999) }),
      run: async ({ count }) => {
        app.setBadgeCount(count)
        return {}
      },
    },
    testNotification: { input: none, run: async () => options.testNotification() },
    handleTelLinks: {
      input: z.object({ on: z.boolean() }),
      run: async ({ on }) => {
        if (on) app.setAsDefaultProtocolClient('tel')
        else app.removeAsDefaultProtocolClient('tel')
        return { on: app.isDefaultProtocolClient('tel') }
      },
    },
    about: {
      input: none,
      run: async () => ({
        version: app.getVersion(),
        electron: process.versions.electron,
        platform: process.platform,
        dataFolder: app.getPath('userData'),
      }),
    },
    ready: {
      input: none,
      run: async (_input, sender) => {
        windows.listens(sender)
        return { dark: options.dark }
      },
    },
  }
}
