import { Button } from '@mantine/core'
import { IconArrowLeft, IconFileText } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ImportRun } from '../../src/capture/contract.ts'
import styles from './imports.module.css'
import { stateNames } from './words.ts'

type Props = { readonly run: ImportRun; readonly onLeave: () => void; readonly leave?: string }

/** Which list this is about, and the way back. Takes the focus with every step, so that it is read out. */
export function StepHead({ run, onLeave, leave = 'All imports' }: Props) {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus({ preventScroll: true }), [])
  return (
    <header className={styles.stepHead}>
      <IconFileText size={20} stroke={1.6} aria-hidden="true" />
      <h3 ref={title} tabIndex={-1} title={run.fileName}>
        <bdi>{run.fileName}</bdi>
        <span className={styles.state}>{stateNames[run.state]}</span>
      </h3>
      <Button size="compact-sm" variant="default" leftSection={<IconArrowLeft size={14} />} onClick={onLeave}>
        {leave}
      </Button>
    </header>
  )
}
