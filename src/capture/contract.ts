import { z } from 'zod'
import { id, mutation, query, text, time } from '../rpc/method.ts'

/** What a column of a list can be. `tracking`: utm_*, click ids and the like, kept under the column's own name. */
export const importField = z.enum([
  'name',
  'firstName',
  'lastName',
  'email',
  'phone',
  'company',
  'title',
  'note',
  'source',
  'outcome',
  'value',
  'tracking',
])

export const importEncoding = z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])

/** How a CSV file is to be read; a vCard file needs none of it. */
export const csvShape = z.object({
  encoding: importEncoding,
  delimiter: z.string().length(1),
  /** The first row names the columns. */
  hasHeader: z.boolean(),
  /** One a column, in order; null leaves it out. */
  columns: z.array(importField.nullable()).max(500),
})

/**
 * What the people of a list are. `people`: an address book, nobody becomes a lead. `outbound`: people to be approached
 * who never asked; leads without deadlines. `inbound`: they asked (badges of a fair); leads with deadlines from now on.
 */
export const importAs = z.enum(['people', 'outbound', 'inbound'])

export const importPlan = z.object({
  as: importAs,
  /** Where they all come from; a column `source` says better for its row. Required: a lead always says so. */
  source: text(100).min(1),
  /** They agreed to get texts. Off: their numbers may be called, never texted, until they say so. */
  mayText: z.boolean(),
  /** Null for vCard. */
  shape: csvShape.nullable(),
})

export const importState = z.enum([
  'opened',
  'checking',
  'checked',
  'running',
  'stopped',
  'done',
  'undoing',
  'undone',
  'failed',
])

/** What is (or would be) done with a row. `duplicate`: it is in the file twice, or in Deskbell with nothing new. */
export const importVerdict = z.enum(['create', 'update', 'duplicate', 'reject'])

export const importRun = z.object({
  importId: id,
  fileName: z.string(),
  format: z.enum(['csv', 'vcard']),
  state: importState,
  /** Why it failed, in the user's words. */
  problem: z.string().nullable(),
  plan: importPlan.nullable(),
  /** Rows in the file: a guess until it was checked. */
  total: z.number().int(),
  /** Rows done in the step under way. */
  done: z.number().int(),
  counts: z.object({
    create: z.number().int(),
    update: z.number().int(),
    duplicate: z.number().int(),
    reject: z.number().int(),
  }),
  /** After an undo: people who were left because somebody worked with them since. */
  kept: z.number().int(),
  createdAt: time,
})

const preview = z.object({
  /** By the names of the first row, or "Column 1". */
  names: z.array(z.string()),
  /** The first 20 rows, cell by cell. */
  rows: z.array(z.array(z.string())),
})

const importId = z.object({ importId: id })

/** Ways in which somebody can come that no channel sees. */
export const touchKind = z.enum(['walk_in', 'referral', 'instagram', 'linkedin', 'facebook', 'trade_fair', 'other'])

/** How a kind of touch is called where the user left the source to it. */
export const touchNames: Readonly<Record<TouchKind, string>> = {
  walk_in: 'Walk-in',
  referral: 'Referral',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  facebook: 'Facebook',
  trade_fair: 'Trade fair',
  other: 'Other',
}

/** Files of one touch: so many, and together so many bytes. */
export const mostTouchFiles = 20
export const largestTouch = 25 * 1024 * 1024

export const captureContract = {
  /**
   * Something that no channel sees. Finds the person by `personId`, address or number, or makes one, and opens or goes
   * on with their lead like any other arrival.
   */
  'capture.logTouch': mutation(
    z.object({
      kind: touchKind,
      /** Required; `touchNames` are good answers. */
      source: text(100).min(1),
      personId: id.nullable(),
      name: text(200),
      email: text(320).nullable(),
      phone: text(40).nullable(),
      /** Who sent them, for referrals. */
      referrerId: id.nullable(),
      text: text(20_000),
      attachments: z
        .array(z.object({ name: text(255), contentType: text(200), bytes: z.instanceof(Uint8Array) }))
        .max(mostTouchFiles),
      /** Somebody of us talked to them then: no answer is owed any more. */
      answered: z.boolean(),
      at: time.optional(),
    }),
    z.object({ personId: id, interactionId: id, leadId: id }),
  ),
  /** Takes a .csv or .vcf file in and says how it would be read. Nothing of it becomes a person yet. */
  'capture.openImport': mutation(
    z.object({ fileName: text(255), bytes: z.instanceof(Uint8Array) }),
    z.object({ importId: id, format: z.enum(['csv', 'vcard']), shape: csvShape.nullable(), preview }),
  ),
  /**
   * The same file once more, as it was guessed or read otherwise: another delimiter, encoding, with or without names in
   * the first row. Cards are always read the same way.
   */
  'capture.previewImport': query(
    z.object({
      importId: id,
      reading: csvShape.pick({ encoding: true, delimiter: true, hasHeader: true }).nullable(),
    }),
    z.object({ shape: csvShape.nullable(), preview }),
  ),
  /** Dry run in the background: says for every row what would be done. Ends in state `checked`. */
  'capture.checkImport': mutation(z.object({ importId: id, plan: importPlan }), z.object({})),
  /** Really does it, in the background; a list that was stopped or failed goes on where it was. */
  'capture.runImport': mutation(importId, z.object({})),
  /** Stops a check or a run. What is in stays in until it is undone. */
  'capture.cancelImport': mutation(importId, z.object({})),
  /** Takes all of it back, in the background: removes who came by it unless touched since, gives others what they had. */
  'capture.undoImport': mutation(importId, z.object({})),
  /** Forgets a list that nobody read in, with its file. */
  'capture.dropImport': mutation(importId, z.object({})),
  'capture.import': query(importId, importRun),
  /** Newest first. */
  'capture.imports': query(z.object({}), z.object({ imports: z.array(importRun) })),
  'capture.importRows': query(
    z.object({
      importId: id,
      verdict: importVerdict.nullable(),
      /** Line of the last row of the page before; 0 for the first page. */
      after: z.number().int().min(0),
      limit: z.number().int().min(1).max(500),
    }),
    z.object({
      rows: z.array(
        z.object({
          /** As a spreadsheet counts: the row of names is 1. */
          line: z.number().int(),
          name: z.string(),
          verdict: importVerdict,
          /** In plain words. */
          reason: z.string(),
          /** Once it is in; none for rejected rows. */
          personId: id.nullable(),
        }),
      ),
      more: z.boolean(),
    }),
  ),
}

export type ImportField = z.infer<typeof importField>
export type ImportEncoding = z.infer<typeof importEncoding>
export type CsvShape = z.infer<typeof csvShape>
export type ImportPlan = z.infer<typeof importPlan>
export type ImportVerdict = z.infer<typeof importVerdict>
export type ImportState = z.infer<typeof importState>
export type ImportRun = z.infer<typeof importRun>
export type TouchKind = z.infer<typeof touchKind>
