import type { Channels } from '../channels/registry.ts'
import type { Clock } from '../lib/clock.ts'
import { badInput, conflict, notFound } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { survivorOf } from '../store/queries/merges.ts'
import { findPeople } from '../store/queries/search-find-people.ts'
import { understand } from '../store/queries/search-words.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store } from '../store/store.ts'
import { type AddPersonDeps, addPerson } from './add-person.ts'
import { type BlockDeps, blockHandles, blockLeads, listBlocks, unblockHandles } from './block.ts'
import { asHandle, personCard } from './card.ts'
import { claimHandle } from './claim-handle.ts'
import type { peopleContract } from './contract.ts'
import { setConsent, updatePerson } from './edit-person.ts'
import { makeFetchFile } from './fetch-file.ts'
import { type Duplicate, findDuplicates } from './find-duplicates.ts'
import { liftOptOut } from './lift-opt-out.ts'
import { listDuplicates } from './list-duplicates.ts'
import { mailHtml } from './mail-html.ts'
import { optOutByHand, setWrong, useFirst } from './mark-handle.ts'
import { type MergeDeps, mergePeople } from './merge-people.ts'
import { timelinePage } from './timeline.ts'
import { keepApart, mayBeSame, unmergePeople } from './unmerge-people.ts'

export type PeopleDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly channels: Pick<Channels, 'of'>
  /** What the other stages do for a lead that is typed in. */
  readonly stages: AddPersonDeps & MergeDeps
  /** An action of the inbox: who is blocked is no lead, and is taken back like one. */
  readonly changeLeads: BlockDeps['changeLeads']
}

export function makePeopleHandlers({
  store,
  clock,
  channels,
  stages,
  changeLeads,
}: PeopleDeps): HandlersOf<typeof peopleContract> {
  const blocking = { clocks: stages.clocks, changeLeads }
  const fetchOnce = makeFetchFile({ store, channels })
  const country = async () => (await readSettings(store.read)).business.country

  return {
    'people.card': async ({ personId }) =>
      personCard(store.read, await survivorOf(store.read, personId), { country: await country(), now: clock.now() }),
    'people.timeline': async ({ personId, before, limit }) =>
      timelinePage(store.read, await survivorOf(store.read, personId), { before, limit, country: await country() }),
    'people.mailHtml': async ({ interactionId }) => ({
      html: await mailHtml(store.read, store.blobs, interactionId),
    }),
    'people.attachment': async ({ attachmentId }) => {
      const file = await attachmentById(store.read, attachmentId)
      if (!file) throw notFound('This file')
      if (file.blob === null) {
        throw conflict('This file was too large to come in with its mail. Fetch it from the mailbox first.')
      }
      const bytes = await store.blobs.get(file.blob)
      return { name: file.name, contentType: file.content_type, bytes: new Uint8Array(bytes) }
    },
    'people.fetchFile': async ({ attachmentId }) => {
      await fetchOnce(attachmentId)
      return {}
    },
    'people.update': async ({ personId, name, company, title }) => {
      const values = {
        ...(name !== undefined && { name }),
        ...(company !== undefined && { company: company || null }),
        ...(title !== undefined && { title: title || null }),
      }
      await store.write((tx) => updatePerson(tx, personId, values, clock.now()))
      return {}
    },
    'people.addHandle': ({ personId, kind, value }) =>
      store.write(async (tx) => ({
        handleId: await claimHandle(tx, stages, personId, { kind, value }, clock.now()),
      })),
    'people.duplicates': async ({ personId }) => {
      const home = await country()
      const found = await findDuplicates(store.read, personId, stages.companyFromEmail)
      return {
        duplicates: found.map((it) => ({
          ...it,
          reasons: [...it.reasons],
          handles: it.handles.map((handle) => asHandle(handle, home)),
        })),
      }
    },
    'people.allDuplicates': async ({ limit }) => {
      const home = await country()
      const { pairs, more } = await listDuplicates(store.read, stages.companyFromEmail, limit)
      const shown = ({ name, company, title, handles }: Omit<Duplicate, 'reasons' | 'personId'>, personId: number) => ({
        personId,
        name,
        company,
        title,
        handles: handles.map((it) => asHandle(it, home)),
      })
      return {
        pairs: pairs.map(({ person, other }) => ({
          person: shown(person, person.id),
          other: shown(other, other.personId),
          reasons: [...other.reasons],
        })),
        more,
      }
    },
    'people.notSame': async ({ personId, otherId }) => {
      if (personId === otherId) throw badInput('This is the same person.')
      await store.write((tx) => keepApart(tx, personId, otherId, clock.now()))
      return {}
    },
    'people.maybeSame': async ({ personId, otherId }) => {
      await store.write((tx) => mayBeSame(tx, personId, otherId))
      return {}
    },
    'people.merge': async ({ keptId, goneId, name, company, title }) => {
      const chosen = { name, company: company || null, title: title || null }
      return { mergeId: await store.write((tx) => mergePeople(tx, stages, { keptId, goneId, chosen }, clock.now())) }
    },
    'people.unmerge': async ({ mergeId }) => {
      await store.write((tx) => unmergePeople(tx, stages, mergeId, clock.now()))
      return {}
    },
    'people.setConsent': async ({ handleId, agreed }) => {
      await store.write((tx) => setConsent(tx, handleId, agreed, clock.now()))
      return {}
    },
    'people.optOut': async ({ handleId }) => {
      await store.write((tx) => optOutByHand(tx, stages.clocks, handleId, clock.now()))
      return {}
    },
    'people.liftOptOut': async (lift) => {
      await store.write((tx) => liftOptOut(tx, stages.clocks, lift, clock.now()))
      return {}
    },
    'people.setWrong': async (mark) => {
      await store.write((tx) => setWrong(tx, stages.clocks, mark, clock.now()))
      return {}
    },
    'people.useFirst': (mark) => store.write((tx) => useFirst(tx, mark, clock.now())),
    'people.block': ({ handleIds }) => store.write((tx) => blockHandles(tx, blocking, handleIds, clock.now())),
    'people.blockLeads': ({ leadIds }) => store.write((tx) => blockLeads(tx, blocking, leadIds, clock.now())),
    'people.unblock': async ({ handleIds }) => {
      await store.write((tx) => unblockHandles(tx, handleIds, clock.now()))
      return {}
    },
    'people.blocks': async ({ before, limit }) => listBlocks(store.read, before, limit, await country()),
    'people.add': (input) => store.write((tx) => addPerson(tx, input, clock.now(), stages)),
    'people.find': async ({ text, limit }) => {
      const home = await country()
      const words = understand(text)
      // Signs alone name nobody; only no text at all means everybody.
      if (text !== '' && words.terms.length === 0) return { people: [] }
      const found = await findPeople(store.read, words, limit)
      return { people: found.map((it) => ({ ...it, handles: it.handles.map((handle) => asHandle(handle, home)) })) }
    },
  }
}

const attachmentById = (store: ReadStore, attachmentId: number) =>
  store.db
    .selectFrom('attachment')
    .select(['name', 'content_type', 'blob'])
    .where('id', '=', attachmentId)
    .executeTakeFirst()
