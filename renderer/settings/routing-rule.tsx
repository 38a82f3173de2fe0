import { ActionIcon, Button } from '@mantine/core'
import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import type { RoutingProblem } from '../../src/route/contract.ts'
import type { Member, RouteRule } from '../../src/settings/contract.ts'
import { plural } from '../ui/time-format.ts'
import own from './routing.module.css'
import { RoutingEditor } from './routing-editor.tsx'
import { conditionsOf, conditionWords, giveWords } from './routing-words.ts'
import styles from './settings.module.css'

type Props = {
  readonly rule: RouteRule
  readonly place: number
  readonly isLast: boolean
  readonly members: readonly Member[]
  /** What it would do; null while that is not known. */
  readonly next: { readonly leads: number; readonly of: number; readonly next: string | null } | null
  readonly problems: readonly RoutingProblem[]
  readonly isOpen: boolean
  readonly canMove: { readonly up: boolean; readonly down: boolean }
  readonly onToggle: () => void
  readonly onChange: (rule: RouteRule) => void
  readonly onMove: (by: 1 | -1) => void
  readonly onRemove: () => void
}

/** One rule: what it asks as chips, to whom it gives, who is next; its fields when it is open. */
export function RoutingRule(props: Props) {
  const { rule, place, isLast, members, next, problems, isOpen, canMove, onToggle, onChange, onMove, onRemove } = props
  const conditions = conditionsOf(rule.when)
  return (
    <li className={own.rule} data-open={isOpen || undefined}>
      <div className={own.ruleHead}>
        <span className={own.place} aria-hidden="true">
          {place}
        </span>
        <div className={styles.grow}>
          <b dir="auto">{rule.name || 'Without a name'}</b>
          <div className={own.chips}>
            {conditions.map((it) => (
              <span key={it} className={own.condition} dir="auto">
                {conditionWords(it, rule.when)}
              </span>
            ))}
            {conditions.length === 0 && (
              <span className={own.condition}>{isLast ? 'Every lead that is left' : 'Every lead'}</span>
            )}
          </div>
          <div className={styles.dim} dir="auto">
            {giveWords(rule.give, members)}
          </div>
          {next !== null && rule.give.how !== 'queue' && (
            <div className={styles.dim}>
              {next.next === null ? 'Nobody of it is there now.' : `The next lead goes to ${next.next}.`} It fits{' '}
              {next.leads} of your last {plural(next.of, 'lead')}.
            </div>
          )}
        </div>
        <div className={own.ruleTools}>
          {!isLast && (
            <>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={!canMove.up}
                aria-label={`Move “${rule.name}” up`}
                onClick={() => onMove(-1)}
              >
                <IconArrowUp size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={!canMove.down}
                aria-label={`Move “${rule.name}” down`}
                onClick={() => onMove(1)}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" aria-label={`Remove “${rule.name}”`} onClick={onRemove}>
                <IconTrash size={16} />
              </ActionIcon>
            </>
          )}
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={isOpen}
            aria-label={isOpen ? `Close “${rule.name}”` : `Edit “${rule.name}”`}
            onClick={onToggle}
          >
            {isOpen ? 'Close' : 'Edit'}
          </Button>
        </div>
      </div>
      {problems.map((it) => (
        <p key={it.text} className={own.lint} data-level={it.level} role={it.level === 'error' ? 'alert' : 'status'}>
          <IconAlertTriangle size={15} aria-hidden="true" />
          <span>{it.text}</span>
        </p>
      ))}
      {isOpen && <RoutingEditor rule={rule} isLast={isLast} members={members} onChange={onChange} />}
    </li>
  )
}
