import type { HostResult, HostServiceName, HostServices } from '../../preload/host-contract.ts'
import { unwrap } from '../../src/rpc/connect.ts'
import type { MethodInput, MethodName, MethodOutput } from '../../src/rpc/contract.ts'
import { DeskbellError, type ErrorBody, internal } from '../../src/rpc/errors.ts'

/** A call to the engine. @throws DeskbellError and nothing else */
export async function call<M extends MethodName>(method: M, input: MethodInput<M>): Promise<MethodOutput<M>> {
  return unwrap(await window.deskbell.call(method, input)) as MethodOutput<M>
}

/** A call to the program around the window (dialogs, clipboard, workspaces). @throws DeskbellError and nothing else */
export async function host<S extends HostServiceName>(
  service: S,
  input: HostServices[S]['input'],
): Promise<HostServices[S]['output']> {
  // The compiler cannot see that `service` and `input` belong together in a union of functions; the signature above does.
  const ask = window.deskbell.host[service] as (input: unknown) => Promise<HostResult<unknown>>
  const result = await ask(input)
  if (result.ok) return result.value as HostServices[S]['output']
  throw new DeskbellError(result.error)
}

/** What to show for anything that was thrown. */
export function errorBody(error: unknown): ErrorBody {
  if (error instanceof DeskbellError) return error.body
  return internal(error instanceof Error ? error.message : String(error))
}
