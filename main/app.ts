/** The main process put together: engine, window, and what ties them to the desktop. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, ipcMain, Menu, nativeTheme, protocol, safeStorage, session } from 'electron'
import type { Alerts } from '../src/contact/contract.ts'
import type { InboxRow } from '../src/inbox/contract.ts'
import type { Clock } from '../src/lib/clock.ts'
import type { Settings } from '../src/settings/contract.ts'
import { declareAppScheme, serveApp } from './app-protocol.ts'
import { readCommandLine } from './command-line.ts'
import { engineSpawner } from './engine-host.ts'
import { hardenContents, hardenSession } from './hardening.ts'
import { createHostServices } from './host-services.ts'
import { registerIpc } from './ipc.ts'
import { createNotifier } from './notifications.ts'
import { takePicture } from './picture.ts'
import { claimSingleInstance, linkIn } from './protocol-links.ts'
import { createSecrets } from './secrets.ts'
import { createSupervisor } from './supervisor.ts'
import { createTray } from './tray.ts'
import { createWindows } from './windows.ts'
import { createWorkspaces } from './workspaces.ts'

const built = fileURLToPath(new URL('..', import.meta.url))
const icon = (name: string) => path.join(app.getAppPath(), 'resources/icons', name)
const commandLine = readCommandLine(process.argv)
const now = () => Date.now()
const snoozeMs = 15 * 60_000
type Muted = { readonly alerts: Alerts }
const clock: Clock = {
  now,
  after: (delay, task) => {
    const timer = setTimeout(task, delay)
    return () => clearTimeout(timer)
  },
}

declareAppScheme(protocol)
// Windows shows notifications only of programs that say who they are; the same as in electron-builder.yml.
app.setAppUserModelId('app.deskbell.desktop')
if (commandLine.dark !== null) nativeTheme.themeSource = commandLine.dark ? 'dark' : 'light'

const windows = createWindows({
  built,
  icon: icon('icon.png'),
  size: commandLine.size ?? { width: 1280, height: 800 },
  dark: nativeTheme.shouldUseDarkColors,
})
const openPerson = (personId: number) => {
  windows.show()
  windows.sendHostEvent({ name: 'person.open', payload: { personId } })
}
const openNote = (note: { readonly personId: number; readonly interactionId: number }) => {
  windows.show()
  windows.sendHostEvent({ name: 'note.open', payload: note })
}
const openHealth = () => {
  windows.show()
  windows.sendHostEvent({ name: 'health.open', payload: {} })
}
const dial = (number: string | null) => {
  if (number) windows.sendHostEvent({ name: 'dial.asked', payload: { number } })
}

if (
  claimSingleInstance(app, (number) => {
    if (app.isReady()) windows.show()
    dial(number)
  })
) {
  hardenContents(app, (_contents, url) => windows.sendHostEvent({ name: 'link.asked', payload: { url } }))
  void app.whenReady().then(open)
} else {
  app.quit()
}

async function open(): Promise<void> {
  // The system's own menu would bring reload and zoom keys that collide with ours; macOS needs one for copy and paste.
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null)
  hardenSession(session.defaultSession)
  serveApp(protocol, path.join(built, 'renderer'))

  const workspaces = createWorkspaces(app.getPath('userData'), commandLine.demo)
  // For development and tests only: a packaged engine lies in an archive that no plain Node can read.
  const developing = app.isPackaged ? {} : process.env
  const engineEntry = developing.DESKBELL_ENGINE_ENTRY ?? path.join(built, 'main/engine-entry.js')
  const supervisor = createSupervisor({
    spawn: engineSpawner(engineEntry, developing.DESKBELL_ENGINE_NODE),
    clock,
    random: Math.random,
    host: createSecrets(safeStorage, process.platform, workspaces.secretsFile),
    log: (message) => process.stderr.write(`deskbell: ${message}\n`),
    onState: (state) => windows.sendHostEvent({ name: 'engine.state', payload: state }),
    onEvent: (event) => {
      windows.sendEvent(event)
      void notifier.onEvent(event)
      if (event.name === 'store.changed' || event.name === 'engine.ready') tray?.refresh()
    },
  })
  const ask = async (method: string, input: object = {}) => {
    const answer = await supervisor.relay(method, input)
    return answer.ok ? answer.value : null
  }
  const notifier = createNotifier({
    now,
    openPerson,
    openNote,
    openHealth,
    act: (action, { leadId, personId }) => {
      if (action === 'snooze') {
        void ask('inbox.snooze', { leadIds: [leadId], until: now() + snoozeMs })
        return
      }
      windows.show()
      windows.sendHostEvent({ name: 'lead.act', payload: { personId, action } })
    },
    enabled: async () => ((await ask('settings.get')) as Settings | null)?.notifications ?? true,
  })
  registerIpc(ipcMain, {
    relay: supervisor.relay,
    services: createHostServices({
      supervisor,
      workspaces,
      windows,
      testNotification: notifier.test,
      dark: commandLine.dark,
    }),
  })
  const started = supervisor.start(workspaces.engineArgs())
  const window = windows.show()
  dial(linkIn(process.argv))
  const urgent = async () => (await ask('inbox.urgent')) as InboxRow | null
  const tray = commandLine.picture
    ? null
    : createTray({
        icon: icon('tray.png'),
        now,
        urgent,
        muted: async () => ((await ask('contact.ladder')) as Muted | null)?.alerts.mutedUntil ?? null,
        mute: (until) => void ask('contact.saveAlerts', { mutedUntil: until }),
        openPerson,
        show: () => void windows.show(),
        quit: () => app.quit(),
      })

  stopInOrder(async () => {
    tray?.destroy()
    await supervisor.stop()
  })
  app.on('window-all-closed', () => app.quit())

  const first = commandLine.urgent ? await started.then(urgent) : null
  if (first) openPerson(first.personId)
  if (commandLine.picture) {
    await started
    await takePicture(window, commandLine.picture, supervisor.pending)
    app.quit()
  }
}

/** Electron does not wait for promises when it quits, so the first attempt is held back until the engine is closed. */
function stopInOrder(stop: () => Promise<void>): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running'
  app.on('before-quit', (event) => {
    if (state === 'stopped') return
    event.preventDefault()
    if (state === 'stopping') return
    state = 'stopping'
    void stop().finally(() => {
      state = 'stopped'
      app.quit()
    })
  })
}
