import { Button, Stack, Switch } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import type { Routing } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { WholeNumber } from '../ui/whole-number.tsx'
import own from './routing.module.css'
import { RoutingPreview } from './routing-preview.tsx'
import { RoutingRule } from './routing-rule.tsx'
import { RoutingTest } from './routing-test.tsx'
import { withMoved, withNewRule, withRule } from './routing-words.ts'
import { SaveBar, useSave } from './save-bar.tsx'
import styles from './settings.module.css'

// Long enough that typing a postcode asks once.
const typingMs = 300

/** Who gets a new lead: the rules in their order, beside what they would do. */
export function RoutingSection({ routing: saved }: { readonly routing: Routing }) {
  const { busy, problem, save } = useSave()
  const [draft, setDraft] = useState<Routing | null>(null)
  const [editing, setEditing] = useState<string | null>(null)
  const routing = draft ?? saved
  const [settled] = useDebouncedValue(routing, typingMs)
  const team = useEngine('team.list', {})
  const preview = useEngine('route.preview', { routing: settled }, { keepPrevious: true })
  const members = team.data?.members ?? []
  const last = routing.rules.length - 1

  const add = () => {
    const id = crypto.randomUUID()
    setDraft(withNewRule(routing, id))
    setEditing(id)
  }
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    void save(
      () => call('route.save', { routing }),
      () => 'Saved. It counts for leads from now on.',
    ).then((done) => {
      if (done === undefined) return
      setDraft(null)
      setEditing(null)
    })
  }
  return (
    <Stack gap="md">
      <p className={styles.lead}>
        A new lead goes to the first rule that fits and has somebody who is there. Whoever is off duty, on vacation or
        full is passed over.
      </p>
      <div className={own.beside}>
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            <ol className={own.rules} aria-label="Rules, first match wins">
              {routing.rules.map((rule, index) => (
                <RoutingRule
                  key={rule.id}
                  rule={rule}
                  place={index + 1}
                  isLast={index === last}
                  members={members}
                  next={doingsOf(preview.data, rule.id)}
                  problems={preview.data?.problems.filter((it) => it.ruleId === rule.id) ?? []}
                  isOpen={editing === rule.id}
                  onToggle={() => setEditing(editing === rule.id ? null : rule.id)}
                  onChange={(next) => setDraft(withRule(routing, next))}
                  onMove={(by) => setDraft(withMoved(routing, index, by))}
                  canMove={{ up: index > 0 && index < last, down: index + 1 < last }}
                  onRemove={() => setDraft({ ...routing, rules: routing.rules.filter((it) => it.id !== rule.id) })}
                />
              ))}
            </ol>
            <div>
              <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
                Add a rule
              </Button>
            </div>
            <div className={styles.box}>
              <Switch
                label="Whoever looked after somebody before gets their next lead, too"
                checked={routing.keepOwner}
                onChange={(event) => setDraft({ ...routing, keepOwner: event.currentTarget.checked })}
              />
              <div className={own.waits}>
                <span>An owner who is away keeps a lead when they are back within</span>
                <WholeNumber
                  size="xs"
                  w={92}
                  min={0}
                  max={24 * 60}
                  suffix=" min"
                  aria-label="Minutes within which an owner has to be back"
                  value={routing.keepOwnerMinutes}
                  onChange={(keepOwnerMinutes) => setDraft({ ...routing, keepOwnerMinutes })}
                />
              </div>
            </div>
            <SaveBar
              busy={busy}
              problem={problem}
              dirty={draft !== null}
              onReset={() => {
                setDraft(null)
                setEditing(null)
              }}
            />
          </Stack>
        </form>
        <Stack gap="sm">
          <RoutingTest routing={settled} />
          <RoutingPreview preview={preview.data ?? null} problem={preview.error} />
        </Stack>
      </div>
    </Stack>
  )
}

/** What a rule would do; null while that is not known. */
function doingsOf(preview: MethodOutput<'route.preview'> | undefined, ruleId: string) {
  const found = preview?.rules.find((it) => it.ruleId === ruleId)
  return preview && found ? { ...found, of: preview.leads.length } : null
}
