import { ActionIcon, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import styles from './settings.module.css'

type Pair = readonly [string, string]

type Props = {
  readonly label: string
  /** What stands in each of the two columns. */
  readonly names: Pair
  readonly rows: readonly (readonly string[])[]
  /** When the second column is a choice. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
  readonly error?: string | null
  readonly onChange: (rows: [string, string][]) => void
}

/** A list of pairs that grows at its end. */
export function EnrichmentPairs({ label, names, rows, choices, error = null, onChange }: Props) {
  const pairs = rows.map((row): [string, string] => [row[0] ?? '', row[1] ?? ''])
  const change = (at: number, next: [string, string]) =>
    onChange(pairs.map((row, index) => (index === at ? next : row)))
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <legend style={{ fontSize: 14, fontWeight: 500, padding: 0 }}>{label}</legend>
      <Stack gap={6}>
        {pairs.map(([left, right], at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
          <Group key={at} gap={6} wrap="nowrap">
            <TextInput
              style={{ flex: 1 }}
              aria-label={`${label} ${at + 1}: ${names[0]}`}
              placeholder={names[0]}
              maxLength={200}
              value={left}
              onChange={(event) => change(at, [event.currentTarget.value, right])}
            />
            {choices ? (
              <NativeSelect
                style={{ width: 190 }}
                aria-label={`${label} ${at + 1}: ${names[1]}`}
                data={[...choices]}
                value={right}
                onChange={(event) => change(at, [left, event.currentTarget.value])}
              />
            ) : (
              <TextInput
                style={{ flex: 1 }}
                aria-label={`${label} ${at + 1}: ${names[1]}`}
                placeholder={names[1]}
                maxLength={500}
                value={right}
                onChange={(event) => change(at, [left, event.currentTarget.value])}
              />
            )}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${label} ${at + 1}`}
              onClick={() => onChange(pairs.filter((_, index) => index !== at))}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        ))}
        {error !== null && (
          <div role="alert" className={styles.dim}>
            {error}
          </div>
        )}
        <div>
          <Button
            variant="subtle"
            size="compact-xs"
            px={4}
            leftSection={<IconPlus size={13} />}
            onClick={() => onChange([...pairs, ['', choices?.[0]?.value ?? '']])}
          >
            One more
          </Button>
        </div>
      </Stack>
    </fieldset>
  )
}
