import { keepPreviousData, QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { MethodInput, MethodName, MethodOutput } from '../../src/rpc/contract.ts'
import { DeskbellError } from '../../src/rpc/errors.ts'
import { call } from './call.ts'

/** Data stays fresh until an event of the engine says otherwise; nothing is ever polled. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        // The engine is on this computer: without internet everything still works.
        networkMode: 'always',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => failures < 2 && error instanceof DeskbellError && error.body.retryable,
        retryDelay: 400,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

type Options = { readonly enabled?: boolean; readonly keepPrevious?: boolean }

/** The answer of a query of the engine, kept up to date by its events. */
export function useEngine<M extends MethodName>(
  method: M,
  input: MethodInput<M>,
  options: Options = {},
): UseQueryResult<MethodOutput<M>, Error> {
  const query = useQuery({
    queryKey: [method, input],
    queryFn: () => call(method, input),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious ? { placeholderData: keepPreviousData } : {}),
  })
  return query as UseQueryResult<MethodOutput<M>, Error>
}
