import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

type Answer = { readonly status: number; readonly body: string }

export type MetaGraph = {
  /** With the version, as the product's own address has it. */
  readonly url: string
  /** What was asked for, oldest first. */
  readonly asked: { readonly path: string; readonly query: URLSearchParams; readonly authorization: string | null }[]
  readonly leads: Map<string, string>
  /** The answer to everything while it is set. */
  trouble: Answer | null
  readonly stop: () => Promise<void>
}

export const graphError = (status: number, code: number, subcode?: number): Answer => ({
  status,
  body: JSON.stringify({
    error: { message: 'Some English.', type: 'OAuthException', code, error_subcode: subcode, fbtrace_id: 'A1' },
  }),
})

/** The part of the Graph API that gives leads out, with its errors. */
export async function startMetaGraph(token: string): Promise<MetaGraph> {
  const leads = new Map<string, string>()
  const asked: MetaGraph['asked'] = []
  const answerTo = (request: IncomingMessage): Answer => {
    const url = new URL(request.url ?? '/', 'http://graph')
    const authorization = request.headers.authorization ?? null
    asked.push({ path: url.pathname, query: url.searchParams, authorization })
    if (graph.trouble) return graph.trouble
    if (authorization !== `Bearer ${token}`) return graphError(401, 190)
    const lead = leads.get(url.pathname.replace('/v26.0/', ''))
    if (lead === undefined) return graphError(400, 100, 33)
    const wanted = new Set((url.searchParams.get('fields') ?? '').split(','))
    const fields = Object.entries(JSON.parse(lead) as object).filter(([name]) => wanted.has(name))
    return { status: 200, body: JSON.stringify(Object.fromEntries(fields)) }
  }
  const server = createServer((request, response) => {
    const { status, body } = answerTo(request)
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const graph: MetaGraph = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v26.0`,
    asked,
    leads,
    trouble: null,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return graph
}
