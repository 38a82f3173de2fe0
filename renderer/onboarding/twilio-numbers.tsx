import { Button, Checkbox, Select } from '@mantine/core'
import { IconPhone } from '@tabler/icons-react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './setup-form.module.css'
import { abilities, type ListedNumber, numberChoices, watch } from './twilio-values.ts'
import { useGuard } from './use-guard.ts'

type Chosen = { readonly number: string; readonly others: readonly string[] }

type Props = Chosen & {
  readonly found: readonly ListedNumber[] | null
  /** Asks Twilio for the numbers of the account, with what is in the form now. */
  readonly onList: () => Promise<void>
  readonly onChange: (chosen: Chosen) => void
}

/** Which numbers of the account are watched, and which one new messages leave from. */
export function TwilioNumbers({ number, others, found, onList, onChange }: Props) {
  const { busy, problem, guard } = useGuard()
  const choices = numberChoices(found, { number, others })
  const watched = [number, ...others]
  return (
    <>
      {(found !== null || others.length > 0) && (
        <>
          <Checkbox.Group
            label="Numbers to watch"
            description="An answer leaves from the number they wrote to."
            value={watched}
            onChange={(values) => onChange(watch({ number, others }, values))}
          >
            <div className={styles.folders}>
              {choices.map((it) => (
                <Checkbox
                  key={it.number}
                  size="sm"
                  value={it.number}
                  disabled={watched.length === 1 && watched.includes(it.number)}
                  label={
                    <span className={styles.folder}>
                      <span dir="auto">{it.label}</span>
                      <span className={styles.count}>{abilities(it, found !== null)}</span>
                    </span>
                  }
                />
              ))}
            </div>
          </Checkbox.Group>
          <Select
            label="New messages and calls leave from"
            data={choices
              .filter((it) => watched.includes(it.number))
              .map((it) => ({ value: it.number, label: it.label }))}
            value={number}
            allowDeselect={false}
            onChange={(value) =>
              value !== null && onChange({ number: value, others: watched.filter((it) => it !== value) })
            }
          />
        </>
      )}
      {problem !== null && <ErrorNotice error={problem} />}
      <div className={styles.buttons}>
        <Button
          variant="default"
          leftSection={<IconPhone size={16} />}
          loading={busy}
          onClick={() => void guard(onList)}
        >
          {found === null ? 'Choose from my numbers' : 'Look again'}
        </Button>
      </div>
    </>
  )
}
