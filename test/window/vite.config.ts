import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Builds the window on a made-up engine, with the same policy as the real page. See main.ts. */
export default defineConfig({
  root: here,
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../node_modules/.cache/window-preview', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'esnext',
  },
})
