import { useQuery } from '@tanstack/react-query'
import { minute } from '../../src/lib/durations.ts'
import { call } from '../rpc/call.ts'

// It is asked of the provider: a sender that was just set up there is seen soon, and nobody asks all the time.
const freshMs = 15 * minute

/** Whether the business can write by WhatsApp; false while nobody knows. */
export const useWhatsApp = (enabled: boolean): boolean =>
  useQuery({
    queryKey: ['contact.whatsApp', {}],
    queryFn: () => call('contact.whatsApp', {}),
    enabled,
    staleTime: freshMs,
  }).data?.isSetUp ?? false
