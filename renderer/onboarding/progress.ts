import { useLocalStorage } from '@mantine/hooks'
import { isStepId, type StepId } from './steps.ts'

/** Where somebody is in the set-up. What is done is not in here: the engine knows that. */
export type Progress = {
  /** False while the first choice is open. */
  readonly started: boolean
  readonly at: StepId
  readonly skipped: readonly StepId[]
  /** The deadlines were looked at and found good; nothing in the engine would show it. */
  readonly deadlinesSeen: boolean
}

export const noProgress: Progress = { started: false, at: 'business', skipped: [], deadlinesSeen: false }

const key = 'deskbell.setup'

/** Survives a reload and a restart of the window. */
export function useProgress() {
  const [progress, setProgress, forget] = useLocalStorage<Progress>({
    key,
    defaultValue: noProgress,
    getInitialValueInEffect: false,
    deserialize: readProgress,
  })
  return { progress, setProgress, forget }
}

/** What was kept, as far as it can be read: an older version may have written it. */
export function readProgress(text: string | undefined): Progress {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? '')
  } catch {
    return noProgress
  }
  if (typeof kept !== 'object' || kept === null) return noProgress
  const { started, at, skipped, deadlinesSeen } = kept as { readonly [K in keyof Progress]?: unknown }
  return {
    started: started === true,
    at: isStepId(at) ? at : noProgress.at,
    skipped: Array.isArray(skipped) ? skipped.filter(isStepId) : [],
    deadlinesSeen: deadlinesSeen === true,
  }
}
