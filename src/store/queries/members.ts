import { keptRead } from './kept-read.ts'

/** Everybody in the team with the ways to reach them, in the order in which they joined. */
export const readMembers = keptRead(['member'], ({ db }) =>
  db
    .selectFrom('member')
    .select(['id', 'name', 'email', 'mobile'])
    .where('removed_at', 'is', null)
    .orderBy('id')
    .execute(),
)
