import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { notFound } from '../rpc/errors.ts'
import type { BlobFolder } from './store.ts'

const blobName = /^[0-9a-f]{64}$/

/** A folder of files named by their content. */
export function openBlobs(folder: string): BlobFolder {
  const pathOf = (name: string) => join(folder, name.slice(0, 2), name)
  return {
    folder,
    put: async (bytes) => {
      const name = createHash('sha256').update(bytes).digest('hex')
      const path = pathOf(name)
      if (existsSync(path)) return name
      await mkdir(join(folder, name.slice(0, 2)), { recursive: true })
      // Written beside and renamed: a crash leaves a stray temporary file, never half an attachment under its name.
      const temporary = `${path}.${randomUUID()}`
      try {
        await writeDurably(temporary, bytes)
        await rename(temporary, path)
      } catch (error) {
        // A full disk is tried again and again, and each try would leave it a little fuller.
        await rm(temporary, { force: true }).catch(() => {})
        throw error
      }
      return name
    },
    get: async (name) => {
      if (!blobName.test(name)) throw notFound('This file')
      try {
        return await readFile(pathOf(name))
      } catch {
        throw notFound('This file')
      }
    },
    remove: async (name) => {
      if (blobName.test(name)) await rm(pathOf(name), { force: true })
    },
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
