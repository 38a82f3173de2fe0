import { Button, Group } from '@mantine/core'

type Props = {
  readonly busy?: boolean
  readonly done?: string
  /** Absent for what is not there yet. */
  readonly onRemove: (() => void) | null
  readonly onCancel: () => void
}

/** The last row of a form over something that can be removed. */
export function DialogButtons({ busy = false, done = 'Save', onRemove, onCancel }: Props) {
  return (
    <Group justify="space-between">
      {onRemove ? (
        <Button variant="subtle" color="red" disabled={busy} onClick={onRemove}>
          Remove
        </Button>
      ) : (
        <span />
      )}
      <Group gap="xs">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          {done}
        </Button>
      </Group>
    </Group>
  )
}
