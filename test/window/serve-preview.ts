import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the preview is served, with a slash at its end. */
    preview: string
  }
}

/** Builds the window on the made-up engine and serves it, once for all files of this ring. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const configFile = fileURLToPath(new URL('vite.config.ts', import.meta.url))
  // Of this run alone: another one would take the files away from under its pages.
  const outDir = mkdtempSync(join(tmpdir(), 'deskbell-preview-'))
  const shared = { configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } } as const
  await build(shared)
  const server = await preview({ ...shared, preview: { host: '127.0.0.1', port: 0 } })
  const [url] = server.resolvedUrls?.local ?? []
  if (!url) throw new Error('the preview is not served')
  provide('preview', url)
  return async () => {
    await server.close()
    rmSync(outDir, { recursive: true, force: true })
  }
}
