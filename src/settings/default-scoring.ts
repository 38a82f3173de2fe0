import general from '../../resources/score-packs/general.json' with { type: 'json' }
import { type Scoring, scoring } from '../score/contract.ts'

/**
 * How a new workspace judges leads, after the guides' examples: somebody with a budget, a date and a local postcode is
 * worth the next five minutes; a bare question is not; calling, texting and filling in a form all at once is one eager
 * person and not three, so what they do together counts no more than its cap.
 */
export const defaultScoring: Scoring = scoring.parse(general.scoring)
