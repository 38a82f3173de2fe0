import { describe, expect, test } from 'vitest'
import { everything, openImportWorld } from './import-world.ts'

describe('a list that was opened and left', () => {
  const cards = 'BEGIN:VCARD\nVERSION:3.0\nFN:Gus Chen\nEMAIL:gus@chen.example\nEND:VCARD\n'
  const bytes = (text: string) => new TextEncoder().encode(text)

  test('shows its first rows again as they were guessed, cards too', async () => {
    const here = await openImportWorld()
    for (const [fileName, text] of [
      ['list.csv', 'Name;E-mail\nGus Chen;gus@chen.example\n'],
      ['cards.vcf', cards],
    ] as const) {
      const { importId, shape, preview } = await here.capture['capture.openImport']({ fileName, bytes: bytes(text) })
      const again = await here.capture['capture.previewImport']({ importId, reading: null })
      expect(again).toEqual({ shape, preview })
      expect(preview.rows[0]).toContain('gus@chen.example')
    }
  })

  test('is forgotten with its file, and one that is in is not', async () => {
    const here = await openImportWorld()
    const before = await everything(here)
    const left = await here.capture['capture.openImport']({ fileName: 'cards.vcf', bytes: bytes(cards) })
    const checked = await here.check('Name,E-mail\nGus Chen,gus@chen.example\n')
    await here.capture['capture.dropImport']({ importId: left.importId })
    await here.capture['capture.dropImport']({ importId: checked })
    expect((await here.capture['capture.imports']({})).imports).toEqual([])
    expect(await everything(here)).toEqual(before)
    await expect(here.capture['capture.previewImport']({ importId: left.importId, reading: null })).rejects.toThrow()

    const taken = await here.take('Name,E-mail\nGus Chen,gus@chen.example\n')
    await expect(here.capture['capture.dropImport']({ importId: taken })).rejects.toThrow('undo the import')
    expect((await here.people()).map((it) => it.name)).toEqual(['Gus Chen'])
  })
})
