import { Menu, UnstyledButton } from '@mantine/core'
import { IconArrowBackUp, IconBolt, IconCheck, IconChevronDown } from '@tabler/icons-react'
import type { Insight } from '../../src/score/text/contract.ts'
import { call } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'
import styles from './intent-label.module.css'
import { intentNames, sureness, urgencyNames } from './intent-words.ts'

type Props = { readonly interactionId: number; readonly insight: Insight }

/** What a message is, in two words, and the menu to say otherwise: Deskbell learns from it at once. */
export function IntentLabel({ interactionId, insight }: Props) {
  const report = useReport()
  const { intent, corrected, urgency, urgencyReason, jobSize } = insight
  const say = (next: Insight['intent'] | null) =>
    void call('score.correctIntent', { interactionId, intent: next }).catch(report)
  const urgent = urgencyNames[urgency]
  return (
    <div className={styles.line}>
      <Menu position="bottom-start" withinPortal width={250}>
        <Menu.Target>
          <UnstyledButton
            className={styles.label}
            data-urgent={urgency === 'now' || undefined}
            title={sureness(insight)}
            aria-label={`${intentNames[intent]}${urgent ? `, ${urgent}` : ''}. Change what this is`}
          >
            {urgency === 'now' && <IconBolt size={13} aria-hidden="true" />}
            {intentNames[intent]}
            {urgent && <span title={urgencyReason}>· {urgent}</span>}
            <IconChevronDown size={12} aria-hidden="true" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{sureness(insight)}</Menu.Label>
          {(Object.keys(intentNames) as Insight['intent'][]).map((it) => (
            <Menu.Item
              key={it}
              leftSection={it === intent ? <IconCheck size={14} /> : <span className={styles.gap} />}
              aria-current={it === intent || undefined}
              onClick={() => say(it)}
            >
              {intentNames[it]}
            </Menu.Item>
          ))}
          {corrected && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconArrowBackUp size={14} />} onClick={() => say(null)}>
                Take your word back
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {jobSize && (
        <span className={styles.size} dir="auto">
          {jobSize}
        </span>
      )}
    </div>
  )
}
