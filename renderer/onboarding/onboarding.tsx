import { useEngine } from '../rpc/queries.ts'
import { useProgress } from './progress.ts'
import { Welcome } from './welcome.tsx'
import { Wizard } from './wizard.tsx'

/** The first run: a look around with sample data, or setting up the own business step by step. */
export function Onboarding() {
  const { progress, setProgress, forget } = useProgress()
  const settings = useEngine('settings.get', {}).data
  if (!settings) return null
  if (!progress.started) return <Welcome onSetUp={() => setProgress({ ...progress, started: true })} />
  return <Wizard settings={settings} progress={progress} onProgress={setProgress} onFinished={forget} />
}
