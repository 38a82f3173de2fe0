import { expect, test } from 'vitest'
import { openPeople } from './people.ts'

const suggested = async (here: Awaited<ReturnType<typeof openPeople>>, personId: number) =>
  (await here.people['people.duplicates']({ personId })).duplicates.map((it) => [it.name, ...it.reasons])

test('the same name in one company, or an address here and a number there', async () => {
  const here = await openPeople()
  const ana = await here.add('Ana Lopez', { company: 'Lopez Builders', email: 'ana@lopez.example' })
  await here.add('Lopez, Ana', { company: 'Lopez Builders Inc.', phone: '+14155550101' })
  await here.add('Ana Lopez', { email: 'other@elsewhere.example' })
  await here.add('Ana Perez', { company: 'Lopez Builders', email: 'perez@lopez.example' })
  expect(await suggested(here, ana.personId)).toEqual([['Lopez, Ana', 'The same name at Lopez Builders Inc.']])
})

test('people at one provider of free mail have nothing in common but their name', async () => {
  const here = await openPeople()
  const one = await here.add('Ana Lopez', { email: 'ana1@gmail.com' })
  await here.add('Ana Lopez', { email: 'ana2@gmail.com' })
  expect(await suggested(here, one.personId)).toEqual([])
  const work = await here.add('Kim Ito', { email: 'kim@ito-builders.com' })
  await here.add('Kim Ito', { email: 'k.ito@ito-builders.com' })
  expect(await suggested(here, work.personId)).toEqual([
    ['Kim Ito', 'The same name, and both write from ito-builders.com'],
  ])
})

test('numbers that end the same need a name that fits', async () => {
  const here = await openPeople()
  const one = await here.add('Ana Lopez', { phone: '+14155550187' })
  await here.add('Mrs Lopez', { phone: '+16505550187' })
  await here.add('Gus Chen', { phone: '+12125550187' })
  expect(await suggested(here, one.personId)).toEqual([['Mrs Lopez', 'Numbers that end the same, and a similar name']])
})

test('an address in a signature, seen from both, until somebody says no', async () => {
  const here = await openPeople()
  const home = await here.add('Ana', { email: 'ana@home.example' })
  const work = await here.add('Ana Lopez', { email: 'ana@lopez.example' })
  await here.say(home, { text: 'See you on Monday\n--\nAna Lopez\nana@lopez.example' })
  expect(await suggested(here, home.personId)).toEqual([
    ['Ana Lopez', 'Signs with ana@lopez.example, which is Ana Lopez’s'],
  ])
  expect(await suggested(here, work.personId)).toEqual([['Ana', 'Ana signs with ana@lopez.example']])
  await here.people['people.notSame']({ personId: work.personId, otherId: home.personId })
  expect(await suggested(here, home.personId)).toEqual([])
  expect(await suggested(here, work.personId)).toEqual([])
})

test('whoever was merged is suggested no more', async () => {
  const here = await openPeople()
  const one = await here.add('Ana Lopez', { company: 'Lopez', email: 'a@lopez.example' })
  const two = await here.add('Ana Lopez', { company: 'Lopez', email: 'b@lopez.example' })
  expect(await suggested(here, one.personId)).toHaveLength(1)
  const { mergeId } = await here.people['people.merge']({
    keptId: one.personId,
    goneId: two.personId,
    name: 'Ana Lopez',
    company: null,
    title: null,
  })
  expect(await suggested(here, one.personId)).toEqual([])
  await here.people['people.unmerge']({ mergeId })
  // Taken apart by hand: not the same.
  expect(await suggested(here, one.personId)).toEqual([])
})

test('everybody who may be there twice, each pair once, until somebody decides', async () => {
  const here = await openPeople()
  const home = await here.add('Ana', { email: 'ana@home.example' })
  const work = await here.add('Ana Lopez', { email: 'ana@lopez.example', phone: '+14155550187' })
  await here.say(home, { text: 'See you on Monday\n--\nAna Lopez\nana@lopez.example' })
  const mrs = await here.add('Mrs Lopez', { phone: '+16505550187' })
  await here.add('Kim Ito', { email: 'kim@ito-builders.com' })
  await here.add('Kim Ito', { email: 'k.ito@ito-builders.com' })
  await here.add('Gus Chen', { phone: '+12125550187' })
  const all = async (limit = 50) => {
    const { pairs, more } = await here.people['people.allDuplicates']({ limit })
    return { pairs: pairs.map((it) => [it.person.name, it.other.name, ...it.reasons]), more }
  }
  expect(await all()).toEqual({
    pairs: [
      ['Kim Ito', 'Kim Ito', 'The same name, and both write from ito-builders.com'],
      ['Mrs Lopez', 'Ana Lopez', 'Numbers that end the same, and a similar name'],
      ['Ana Lopez', 'Ana', 'Ana signs with ana@lopez.example'],
    ],
    more: false,
  })
  expect(await all(1)).toMatchObject({ pairs: [['Kim Ito', 'Kim Ito', expect.anything()]], more: true })

  const apart = { personId: mrs.personId, otherId: work.personId }
  await here.people['people.notSame'](apart)
  expect((await all()).pairs).toHaveLength(2)
  await here.people['people.maybeSame'](apart)
  expect((await all()).pairs).toHaveLength(3)
  await here.people['people.merge']({
    keptId: work.personId,
    goneId: mrs.personId,
    name: 'Ana Lopez',
    company: null,
    title: null,
  })
  expect((await all()).pairs.map(([a, b]) => [a, b])).toEqual([
    ['Kim Ito', 'Kim Ito'],
    ['Ana Lopez', 'Ana'],
  ])
})
