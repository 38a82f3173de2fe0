/**
 * The one narrow bridge between a window and the rest. It passes plain data on and hands out nothing of Electron:
 * no ipcRenderer, no event objects. Main checks every sender and every name again (main/ipc.ts).
 */
import { contextBridge, ipcRenderer } from 'electron'
import type { DeskbellBridge, HostServiceName } from './host-contract.ts'

// An object and not a list, so that the compiler misses a service that is forgotten here.
const services: Record<HostServiceName, true> = {
  openExternal: true,
  chooseSavePath: true,
  chooseOpenPath: true,
  saveFile: true,
  workspace: true,
  openWorkspace: true,
  removeSample: true,
  engineState: true,
  retryEngine: true,
  restoreBackup: true,
  secretsBackend: true,
  copyText: true,
  setBadge: true,
  testNotification: true,
  handleTelLinks: true,
  about: true,
  ready: true,
}

function subscribe<T>(channel: string) {
  return (listener: (event: T) => void) => {
    const receive = (_event: unknown, message: T) => listener(message)
    ipcRenderer.on(channel, receive)
    return () => void ipcRenderer.off(channel, receive)
  }
}

const callers = Object.keys(services).map((name) => [
  name,
  (input: unknown) => ipcRenderer.invoke('deskbell:host', name, input),
])

const bridge: DeskbellBridge = Object.freeze({
  call: (method: string, input: unknown) => ipcRenderer.invoke('deskbell:call', method, input),
  onEvent: subscribe('deskbell:event') as DeskbellBridge['onEvent'],
  host: Object.freeze({ ...Object.fromEntries(callers), onEvent: subscribe('deskbell:host-event') }),
})

contextBridge.exposeInMainWorld('deskbell', bridge)
