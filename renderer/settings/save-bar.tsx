import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'

/** Saves and says so; what the engine refuses is shown beside the button that was pressed. */
export function useSave() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const save = async <T,>(work: () => Promise<T>, said: (result: T) => string | null): Promise<T | undefined> => {
    setBusy(true)
    setProblem(null)
    try {
      const result = await work()
      const message = said(result)
      if (message !== null) notifications.show({ message, color: 'teal', autoClose: 3000 })
      return result
    } catch (error) {
      setProblem(error)
      return undefined
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, save }
}

type Props = {
  readonly busy: boolean
  readonly problem: unknown
  readonly dirty?: boolean
  readonly label?: string
  readonly onReset?: () => void
}

export function SaveBar({ busy, problem, dirty = true, label = 'Save', onReset }: Props) {
  return (
    <>
      {problem !== null && <ErrorNotice error={problem} />}
      <Group gap="xs">
        <Button type="submit" loading={busy} disabled={!dirty}>
          {label}
        </Button>
        {onReset && dirty && (
          <Button variant="subtle" color="gray" onClick={onReset}>
            Undo changes
          </Button>
        )}
      </Group>
    </>
  )
}
