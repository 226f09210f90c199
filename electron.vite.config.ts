import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import preact from '@preact/preset-vite';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { channelInfos } from './src/desktop/ipc/contract.ts';

/** The oldest Electron it must run on is 33: Chromium 130, Node 20.18. */
const NODE_TARGET = 'node20.18';
const PAGE_TARGET = 'chrome130';

/** Bundled is everything but Electron and what has native code, which a bundle can't hold. */
const external = ['electron', /^keytar(\/|$)/, /^@napi-rs\//];

const cjs = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' } as const;

/**
 * In CommonJS as `require`: Node's own `import()` starts WebAssembly to read a CommonJS module's exports, which costs memory.
 */
const main = { ...cjs, dynamicImportInCjs: false } as const;

/** One page a folder. */
const RENDERER = 'src/desktop/renderer';
const pages = Object.fromEntries(
  readdirSync(RENDERER)
    .map((name) => [name, join(RENDERER, name, 'index.html')] as const)
    .filter(([, file]) => existsSync(file)),
);

const NO_AJV = '\0no-ajv';

/**
 * `conf`, beneath electron-store, loads the JSON schema checker ajv for stores that have a schema. Ours has none (zod reads the
 * settings), and ajv would be half of what the app loads at its start.
 */
const withoutAjv: Plugin = {
  name: 'without-ajv',
  enforce: 'pre',
  resolveId: (id, importer) => (/^ajv/.test(id) && importer?.includes('/conf/') ? NO_AJV : undefined),
  load: (id) =>
    id === NO_AJV
      ? "export class Ajv2020 { constructor() { throw new Error('This build checks no JSON schema'); } } export default {};"
      : undefined,
};

export default defineConfig({
  main: {
    plugins: [withoutAjv],
    build: {
      target: NODE_TARGET,
      outDir: 'out/main',
      sourcemap: false,
      minify: true,
      externalizeDeps: false,
      rolldownOptions: { input: { index: 'src/desktop/main/main.ts', cli: 'src/cli/main.ts' }, external, output: main },
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
    root: RENDERER,
    plugins: [preact()],
    build: {
      target: PAGE_TARGET,
      outDir: 'out/renderer',
      emptyOutDir: true,
      sourcemap: false,
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: pages,
      },
    },
  },
});
