import { notifications } from '@mantine/notifications'
import { useCallback } from 'react'
import { errorBody } from '../rpc/call.ts'
import { ErrorText } from './error-notice.tsx'

/** Tells the user about something that failed in the background: the sentence first, the details one click away. */
export function useReport(): (error: unknown) => void {
  return useCallback((error: unknown) => {
    const body = errorBody(error)
    notifications.show({
      color: 'red',
      title: body.fault === 'ours' ? 'That did not work' : undefined,
      message: <ErrorText error={body} />,
      autoClose: 10_000,
      withBorder: true,
    })
  }, [])
}
