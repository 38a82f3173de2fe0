import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import type { HostServiceName } from '../preload/host-contract.ts'
import type { RelayResult } from '../src/rpc/connect.ts'
import { DeskbellError, type ErrorBody, toErrorBody } from '../src/rpc/errors.ts'
import { isOwnUrl } from './app-protocol.ts'
import type { HostHandlers } from './host-services.ts'

export type IpcOptions = {
  readonly relay: (method: string, input: unknown) => Promise<RelayResult>
  readonly services: HostHandlers
}

/** The two doors of a window: calls that go to the engine, and services of main. Both check who knocks. */
export function registerIpc(ipc: Pick<IpcMain, 'handle'>, { relay, services }: IpcOptions): void {
  ipc.handle('deskbell:call', (event, method: unknown, input: unknown) => {
    if (!isOurWindow(event) || typeof method !== 'string') return refused
    return relay(method, input)
  })
  ipc.handle('deskbell:host', async (event, name: unknown, input: unknown) => {
    if (!isOurWindow(event) || typeof name !== 'string' || !Object.hasOwn(services, name)) return refused
    const { input: schema, run } = services[name as HostServiceName]
    const parsed = schema.safeParse(input)
    if (!parsed.success) return { ok: false, error: { ...badCall, detail: `${name}: ${parsed.error.message}` } }
    try {
      return { ok: true, value: await run(parsed.data as never, event.sender) }
    } catch (error) {
      return { ok: false, error: bodyOf(error) }
    }
  })
}

/** Only the main frame of our own page: a mail's frame has no preload script, but that must not be all that stops it. */
function isOurWindow({ senderFrame: frame, sender }: IpcMainInvokeEvent): boolean {
  return frame !== null && frame === sender.mainFrame && isOwnUrl(frame.url)
}

/** A file that cannot be written is the user's to mend, and the system's words for it help. */
function bodyOf(error: unknown): ErrorBody {
  const body = toErrorBody(error)
  if (error instanceof DeskbellError || body.code !== 'INTERNAL') return body
  return { ...body, message: 'That did not work on this computer. Please try again.' }
}

const badCall: ErrorBody = { code: 'BAD_INPUT', message: 'That does not look right.', fault: 'ours', retryable: false }

const refused: RelayResult = {
  ok: false,
  error: { code: 'REFUSED', message: 'Deskbell does not do that.', fault: 'ours', retryable: false },
}
