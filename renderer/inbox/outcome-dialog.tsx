import { Modal } from '@mantine/core'
import { IconBan, IconThumbUp, IconTrophy, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { OutcomeVerdict } from '../../src/convert/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import type { OutcomeStep } from '../shell/window-state.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Picker } from '../ui/picker.tsx'
import { OutcomeLost } from './outcome-lost.tsx'
import { OutcomeWon } from './outcome-won.tsx'

type Props = {
  readonly title: string
  /** Where to begin: a key or a call may know already. */
  readonly step: OutcomeStep
  readonly onPick: (verdict: OutcomeVerdict) => void
}

const titles: Readonly<Record<OutcomeStep, string>> = {
  choose: 'Where does it stand?',
  won: 'Won',
  lost: 'Why was it lost?',
  disqualified: 'Why is it not for us?',
}

/** How a lead ended, by single keys: w, l, d or q, then what belongs to it. */
export function OutcomeDialog({ title, step: first, onPick }: Props) {
  const { act } = useWindow()
  const [step, setStep] = useState(first)
  const choices = useEngine('convert.choices', {})
  const close = () => act({ do: 'dialog', dialog: null })
  const say = (verdict: OutcomeVerdict) => {
    close()
    onPick(verdict)
  }
  return (
    <Modal opened onClose={close} title={`${titles[step]} · ${title}`} size={420}>
      {choices.isError && <ErrorNotice error={choices.error} onRetry={() => void choices.refetch()} />}
      {step === 'choose' && (
        <Picker
          label="Where does it stand?"
          digits={['q', 'w', 'l', 'd']}
          items={[
            { key: 'qualified', label: 'Qualified', hint: 'a real customer, go on', left: <IconThumbUp size={18} /> },
            { key: 'won', label: 'Won', hint: 'and for how much', left: <IconTrophy size={18} /> },
            { key: 'lost', label: 'Lost', hint: 'and why', left: <IconX size={18} /> },
            { key: 'disqualified', label: 'Disqualified', hint: 'not a fit for us', left: <IconBan size={18} /> },
          ]}
          onPick={(key) => (key === 'qualified' ? say({ outcome: 'qualified' }) : setStep(key as OutcomeStep))}
        />
      )}
      {choices.data && step === 'won' && <OutcomeWon currency={choices.data.currency} onSave={say} onCancel={close} />}
      {choices.data && step === 'lost' && (
        <OutcomeLost
          key="lost"
          onCancel={close}
          reasons={choices.data.lostReasons}
          more
          done="Mark as lost"
          onSave={({ reason, note, competitor, revisitAt }) =>
            say({ outcome: 'lost', reason, note, competitor, revisitAt })
          }
        />
      )}
      {choices.data && step === 'disqualified' && (
        <OutcomeLost
          key="disqualified"
          onCancel={close}
          reasons={choices.data.disqualifiedReasons}
          done="Mark as disqualified"
          onSave={({ reason, note }) => say({ outcome: 'disqualified', reason, note })}
        />
      )}
    </Modal>
  )
}
