import { readFileSync } from 'node:fs';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

// The hub, beside the app that electron.vite.config.ts builds: out/hub/main.js for a server, out/hub/page for the team's browsers.
// `npm run build` builds both; the packaged app leaves out/hub out (electron-builder.yml).

/** The oldest Node it must run on (docs/decisions/node-20.md). */
const NODE_TARGET = 'node20.18';
/** Two years of browsers, Safari included. */
const PAGE_TARGET = ['chrome130', 'firefox128', 'safari17'];

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** What npm installs beside the bundle stays out of it, so that an `npm update` reaches it; see docs/decisions/hub-package.md. */
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

export default defineConfig({
  root: 'src/hub/page',
  // Relative addresses: a proxy may serve the hub below a path.
  base: './',
  publicDir: false,
  plugins: [preact()],
  builder: {
    // The server first: its folder is emptied before it is built, and the page's lies within.
    async buildApp({ build, environments: { ssr, client } }) {
      for (const environment of [ssr, client]) if (environment !== undefined) await build(environment);
    },
  },
  environments: {
    ssr: {
      resolve: { noExternal: true },
      build: {
        ssr: true,
        target: NODE_TARGET,
        outDir: '../../../out/hub',
        emptyOutDir: true,
        sourcemap: false,
        minify: true,
        rolldownOptions: {
          input: { main: 'src/hub/main.ts', commandWorker: 'src/hub/commands/worker.ts' },
          external,
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    },
    client: {
      build: {
        target: PAGE_TARGET,
        outDir: '../../../out/hub/page',
        emptyOutDir: true,
        sourcemap: false,
        minify: true,
        modulePreload: { polyfill: false },
      },
    },
  },
});
