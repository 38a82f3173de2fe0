import { z } from 'zod'
import { id, mutation, query, text, time } from '../../rpc/method.ts'

export const taskKind = z.enum(['call', 'text', 'email', 'todo'])

/** Something to do for a person. */
export const task = z.object({
  id,
  personId: id,
  kind: taskKind,
  words: z.string(),
  /** Null: at no particular time. A first task is due with the lead's clock of first contact. */
  dueAt: time.nullable(),
  /** Who does it; null while nobody owns the lead. */
  owner: z.object({ id, name: z.string() }).nullable(),
  /** True when it goes with whoever owns the lead. */
  withLead: z.boolean(),
  origin: z.enum(['rule', 'hand']),
  /** Why a rule made it, in words. */
  why: z.string().nullable(),
  createdAt: time,
  doneAt: time.nullable(),
})

/** A task as a list of all of them shows it. */
export const listedTask = task.extend({ name: z.string(), company: z.string().nullable() })

const words = text(200).min(1)

export const tasksContract = {
  /** Of one person: what is open, soonest first, then what was done in the last week, newest first. */
  'tasks.ofPerson': query(z.object({ personId: id }), z.object({ tasks: z.array(task) })),
  /** Everything open that has a time or was added by hand, soonest first; first tasks are in the inbox by their deadline. */
  'tasks.list': query(
    z.object({ whose: z.enum(['mine', 'everybody']), limit: z.number().int().min(1).max(500) }),
    z.object({ tasks: z.array(listedTask), more: z.boolean() }),
  ),
  /** How many have come due, of whoever sits here and of everybody; counting stops at 1000. */
  'tasks.counts': query(z.object({}), z.object({ mine: z.number().int(), everybody: z.number().int() })),
  'tasks.add': mutation(
    z.object({ personId: id, kind: taskKind, words, dueAt: time.nullable(), ownerId: id.nullable() }),
    z.object({ taskId: id }),
  ),
  /** What is left out stays. */
  'tasks.edit': mutation(
    z.object({
      taskId: id,
      kind: taskKind.optional(),
      words: words.optional(),
      dueAt: time.nullable().optional(),
      ownerId: id.nullable().optional(),
    }),
    z.object({}),
  ),
  /** Ticks it off (`done: true`) or takes that back. */
  'tasks.tick': mutation(z.object({ taskId: id, done: z.boolean() }), z.object({})),
  /** Takes it away (`shown: false`) or brings it back. */
  'tasks.show': mutation(z.object({ taskId: id, shown: z.boolean() }), z.object({})),
}

export type TaskKind = z.infer<typeof taskKind>
export type Task = z.infer<typeof task>
export type ListedTask = z.infer<typeof listedTask>
