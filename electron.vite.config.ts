import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const alone = ['engine', 'relay', 'train-worker']

/**
 * out/main/app.js           Electron's entry
 * out/main/mail-thread.js   the thread of the engine that reads mail
 * out/main/encoder-worker.js the thread of the engine in which the text model runs
 * out/main/engine-entry.js  the engine as a child of main
 * out/engine.js             the engine alone: `node out/engine.js --data DIR`
 * out/relay.js              the public server, alone: `node out/relay.js` (docs/relay.md)
 * out/train-worker.js      the thread of the engine that learns the predictive score
 * out/preload/index.cjs     CommonJS, because a sandboxed preload script cannot be a module
 * out/renderer/             the window
 * The main build comes first and empties out/; libraries stay in node_modules and are not bundled.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out',
      sourcemap: true,
      rolldownOptions: {
        input: {
          app: here('main/app.ts'),
          'mail-thread': here('src/channels/email/mail-thread.ts'),
          'encoder-worker': here('src/score/text/encoder-worker.ts'),
          'engine-entry': here('main/engine-entry.ts'),
          engine: here('main/engine-entry.ts'),
          relay: here('src/relay/main.ts'),
          'train-worker': here('src/score/predict/train-worker.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: (chunk) => (alone.includes(chunk.name) ? '[name].js' : 'main/[name].js'),
          chunkFileNames: 'main/chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: here('preload/index.ts'),
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('renderer'),
    plugins: [react()],
    build: {
      outDir: here('out/renderer'),
      // Inlined files would be data: addresses, which the window's policy allows only for pictures.
      assetsInlineLimit: 0,
      rolldownOptions: { input: here('renderer/index.html') },
    },
  },
})
