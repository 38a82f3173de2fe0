import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { FilesProvider } from './composer/files-context.tsx'
import { SentDraftsProvider } from './composer/sent-drafts.tsx'
import { RefetchOnEvents } from './rpc/events.tsx'
import { createQueryClient } from './rpc/queries.ts'
import { Gate } from './shell/gate.tsx'
import { TickerProvider } from './ui/now.tsx'
import { DensityAttribute } from './ui/preferences.tsx'
import { ownColours, theme } from './ui/theme.ts'

/** Everything that lives as long as the window. */
export function App() {
  const [client] = useState(createQueryClient)
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={ownColours} defaultColorScheme="auto">
        <TickerProvider>
          <RefetchOnEvents />
          <DensityAttribute />
          <Notifications position="bottom-left" containerWidth={342} limit={2} zIndex={1000} className="db-toasts" />
          <FilesProvider>
            <SentDraftsProvider>
              <Gate />
            </SentDraftsProvider>
          </FilesProvider>
        </TickerProvider>
      </MantineProvider>
    </QueryClientProvider>
  )
}
