import preact from '@preact/preset-vite';
import { defineConfig } from 'electron-vite';
import { channelInfos } from './src/desktop/ipc/contract.ts';

/** The oldest Electron it must run on is 33: Chromium 130, Node 20.18. */
const NODE_TARGET = 'node20.18';
const PAGE_TARGET = 'chrome130';

/** Bundled is everything but Electron and what has native code, which a bundle can't hold. */
const external = ['electron', /^keytar(\/|$)/, /^@napi-rs\//];

const cjs = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' } as const;

export default defineConfig({
  main: {
    build: {
      target: NODE_TARGET,
      outDir: 'out/main',
      sourcemap: false,
      minify: true,
      externalizeDeps: false,
      rolldownOptions: { input: { index: 'src/desktop/main/main.ts', cli: 'src/cli/main.ts' }, external, output: cjs },
    },
  },
  preload: {
    // The bridge is generated from the contract; the schemas stay out of the sandboxed script.
    define: { IPC_CHANNELS: JSON.stringify(channelInfos()) },
    build: {
      target: NODE_TARGET,
      outDir: 'out/preload',
      sourcemap: false,
      minify: true,
      externalizeDeps: false,
      rolldownOptions: { input: { prompt: 'src/desktop/preload/prompt.ts' }, external, output: cjs },
    },
  },
  renderer: {
    root: 'src/desktop/renderer',
    plugins: [preact()],
    build: {
      target: PAGE_TARGET,
      outDir: 'out/renderer',
      emptyOutDir: true,
      sourcemap: false,
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { prompt: 'src/desktop/renderer/prompt/index.html' } },
    },
  },
});
