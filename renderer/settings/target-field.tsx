import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import type { SlaPolicy } from '../../src/settings/contract.ts'
import { WholeNumber } from '../ui/whole-number.tsx'
import styles from './settings.module.css'
import { joinTarget, splitTarget, type TargetUnit, targetUnits } from './target-parts.ts'

export type SlaClock = keyof SlaPolicy['hot']

export const clockNames: Readonly<Record<SlaClock, string>> = {
  ownedMs: 'Somebody takes it',
  firstContactMs: 'First answer',
  secondTouchMs: 'Second try, when they are silent',
  nextReplyMs: 'Later answers',
  answerMs: 'Their call is picked up',
}
export const slaClocks = Object.keys(clockNames) as SlaClock[]

type Props = {
  /** What it is for whom, for screen readers: "Hot: First answer". */
  readonly label: string
  readonly value: number
  readonly onChange: (ms: number) => void
}

/** How long, as a number and a unit. */
export function TargetField({ label, value, onChange }: Props): ReactNode {
  const { amount, unit } = splitTarget(value)
  return (
    <>
      <span className={styles.dim}>within</span>
      <WholeNumber
        size="xs"
        w={76}
        min={1}
        max={999}
        aria-label={`${label}, how long`}
        value={amount}
        onChange={(next) => onChange(joinTarget(next, unit))}
      />
      <Select
        size="xs"
        w={106}
        allowDeselect={false}
        aria-label={`${label}, unit`}
        data={targetUnits}
        value={unit}
        onChange={(next) => next && onChange(joinTarget(amount, next as TargetUnit))}
      />
    </>
  )
}
