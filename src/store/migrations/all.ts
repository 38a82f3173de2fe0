import type { Migration } from '../migrate.ts'
import { firstLight } from './0010-first-light.ts'
import { importsAndMerges } from './0020-imports-and-merges.ts'

/** In order. How to add one: docs/adding-a-migration.md. */
export const migrations: readonly Migration[] = [firstLight, importsAndMerges]
