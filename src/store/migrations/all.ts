import type { Migration } from '../migrate.ts'
import { firstLight } from './0010-first-light.ts'
import { importsAndMerges } from './0020-imports-and-merges.ts'
import { chatAndWhatsApp } from './0030-chat-and-whatsapp.ts'
import { enrichment } from './0040-enrichment.ts'
import { channelHealth } from './0050-channel-health.ts'
import { textInsight } from './0060-text-insight.ts'
import { calendarsAndClocks } from './0070-calendars-and-clocks.ts'
import { routing } from './0080-routing.ts'
import { scoring } from './0090-scoring.ts'
import { viewsAndMentions } from './0100-views-and-mentions.ts'
import { alerts } from './0110-alerts.ts'
import { outcomes } from './0120-outcomes.ts'
import { verdicts } from './0130-verdicts.ts'
import { secondTriesLast } from './0140-second-tries-last.ts'
import { tasksAndFirstAnswers } from './0150-tasks-and-first-answers.ts'
import { labelsAndSorts } from './0160-labels-and-sorts.ts'
import { mentionsTold } from './0170-mentions-told.ts'
import { tryOutsAndFarewells } from './0180-try-outs-and-farewells.ts'
import { stagesAndLedgers } from './0190-stages-and-ledgers.ts'
import { whoRests } from './0200-who-rests.ts'
import { peopleByName } from './0210-people-by-name.ts'
import { reachByHand } from './0220-reach-by-hand.ts'
import { workInHand } from './0240-work-in-hand.ts'

/** In order. How to add one: docs/adding-a-migration.md. */
export const migrations: readonly Migration[] = [
  firstLight,
  importsAndMerges,
  chatAndWhatsApp,
  enrichment,
  channelHealth,
  textInsight,
  calendarsAndClocks,
  routing,
  scoring,
  viewsAndMentions,
  alerts,
  outcomes,
  verdicts,
  secondTriesLast,
  tasksAndFirstAnswers,
  labelsAndSorts,
  mentionsTold,
  tryOutsAndFarewells,
  stagesAndLedgers,
  whoRests,
  peopleByName,
  reachByHand,
  workInHand,
]
