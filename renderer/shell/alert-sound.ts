import late from '../../resources/sounds/late.wav?no-inline'
import soon from '../../resources/sounds/soon.wav?no-inline'

/** @param volume 0 to 100 */
export function playAlert(kind: 'soon' | 'late', volume: number): void {
  if (volume === 0) return
  const sound = new Audio(kind === 'late' ? late : soon)
  sound.volume = volume / 100
  // A computer without a loudspeaker: the notification is still seen.
  sound.play().catch(() => undefined)
}
