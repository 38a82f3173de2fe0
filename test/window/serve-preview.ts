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
  await build({ configFile, logLevel: 'error' })
  const server = await preview({ configFile, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } })
  const [url] = server.resolvedUrls?.local ?? []
  if (!url) throw new Error('the preview is not served')
  provide('preview', url)
  return () => server.close()
}
