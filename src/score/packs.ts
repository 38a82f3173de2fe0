import { z } from 'zod'
import agency from '../../resources/score-packs/agency.json' with { type: 'json' }
import autoRepair from '../../resources/score-packs/auto-repair.json' with { type: 'json' }
import dental from '../../resources/score-packs/dental.json' with { type: 'json' }
import general from '../../resources/score-packs/general.json' with { type: 'json' }
import hvacPlumbing from '../../resources/score-packs/hvac-plumbing.json' with { type: 'json' }
import legal from '../../resources/score-packs/legal.json' with { type: 'json' }
import moving from '../../resources/score-packs/moving.json' with { type: 'json' }
import remodel from '../../resources/score-packs/remodel.json' with { type: 'json' }
import { scoring } from './contract.ts'

const pack = z.strictObject({ id: z.string(), name: z.string(), about: z.string(), scoring })

export type ScorePack = z.infer<typeof pack>

/** Rules to start with, by trade. Each is a whole: points, three buckets and questions. */
export const readScorePacks = (): ScorePack[] =>
  [general, moving, hvacPlumbing, dental, legal, agency, remodel, autoRepair].map((it) => pack.parse(it))
