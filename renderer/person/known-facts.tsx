import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconInfoCircle, IconMail, IconPhone, IconPlus, IconX } from '@tabler/icons-react'
import type { KnownField } from '../../src/enrich/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { postcodeName } from '../ui/postcode-name.ts'
import { useReport } from '../ui/report.tsx'
import { shortMoment } from '../ui/time-format.ts'
import styles from './person-card.module.css'

// Shown in the head of the card.
const above = new Set(['name', 'company'])

/** What is known of somebody beyond the ways to reach them: each value says where it comes from and can be taken out. */
export function KnownFacts({ personId, title }: { readonly personId: number; readonly title: string | null }) {
  const known = useEngine('enrich.person', { personId })
  const fields = known.data?.fields.filter((it) => !above.has(it.field)) ?? []
  // A title from a list has no entry of its own.
  const bare = title !== null && !fields.some((it) => it.field === 'title') ? title : null
  if (fields.length === 0 && bare === null) return null
  return (
    <dl className={styles.details} aria-label="What is known of them">
      {bare !== null && (
        <div className={styles.detail}>
          <dt>Title</dt>
          <dd dir="auto" title={bare}>
            {bare}
          </dd>
        </div>
      )}
      {fields.map((it) => (
        <FactLine key={it.id} field={it} />
      ))}
    </dl>
  )
}

function FactLine({ field }: { readonly field: KnownField }) {
  const country = useEngine('settings.get', {}).data?.business.country
  return (
    <div className={styles.detail}>
      <dt>{field.field === 'postcode' ? postcodeName(country) : field.label}</dt>
      <dd className={styles.fact}>
        <span dir="auto" title={field.words ?? field.display}>
          {field.display}
        </span>
        <Origin field={field} />
      </dd>
    </div>
  )
}

/** Where a value comes from: on hover and focus in a word, on click with the way to take it out. */
export function Origin({ field }: { readonly field: KnownField }) {
  const place = usePlace()
  const report = useReport()
  const now = useNow('minute')
  const from = `${sentence(field.from)}, ${shortMoment(field.at, now, place)}`
  const words = field.words !== null && field.words !== field.display ? `“${field.words}”` : null
  const undo = () => void call('enrich.revert', { fieldId: field.id }).catch(report)
  return (
    <Menu position="bottom-end" withinPortal width={250}>
      <Menu.Target>
        <Tooltip label={from} multiline maw={260} events={{ hover: true, focus: true, touch: true }}>
          <ActionIcon size="xs" variant="subtle" color="gray" aria-label={`${field.label}: ${from}`}>
            <IconInfoCircle size={13} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {from}
          {words && <div dir="auto">{words}</div>}
        </Menu.Label>
        {field.revertible ? (
          <Menu.Item leftSection={<IconArrowBackUp size={14} />} onClick={undo}>
            Undo this {field.label.toLowerCase()}
          </Menu.Item>
        ) : (
          <Menu.Label>Change it with the pencil at the top.</Menu.Label>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Numbers and addresses that were read somewhere and may be theirs: nobody is called on them until somebody says yes. */
export function Offers({ personId }: { readonly personId: number }) {
  const place = usePlace()
  const report = useReport()
  const now = useNow('minute')
  const known = useEngine('enrich.person', { personId })
  const offers = known.data?.offers ?? []
  if (offers.length === 0) return null
  return (
    <ul className={styles.offers} aria-label="May also be theirs">
      {offers.map((it) => {
        const IconOf = it.kind === 'phone' ? IconPhone : IconMail
        const from = [it.words, `${it.from}, ${shortMoment(it.at, now, place)}`]
          .filter((word) => word !== null)
          .join(' · ')
        return (
          <li key={it.id}>
            <div className={styles.handle}>
              <IconOf size={14} aria-hidden="true" />
              <span className={styles.handleValue} title={it.value}>
                {it.display}
              </span>
              <Button
                size="compact-xs"
                variant="light"
                leftSection={<IconPlus size={12} />}
                aria-label={`Add ${it.display}`}
                onClick={() => void call('enrich.takeOffer', { fieldId: it.id }).catch(report)}
              >
                Add
              </Button>
              <Tooltip label="Not theirs">
                <ActionIcon
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={`${it.display} is not theirs`}
                  onClick={() => void call('enrich.revert', { fieldId: it.id }).catch(report)}
                >
                  <IconX size={13} />
                </ActionIcon>
              </Tooltip>
            </div>
            <div className={styles.offerFrom}>{from}</div>
          </li>
        )
      })}
    </ul>
  )
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
