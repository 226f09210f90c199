import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

// The hub, beside the app that electron.vite.config.ts builds: out/hub/main.js for a server, out/hub/page for the team's browsers.
// `npm run build` builds both; the packaged app leaves out/hub out (electron-builder.yml). out/hub/addon.js, with its types, is
// `hipstatus/addon`, for those who write add-ons.

/** The oldest Node it must run on (docs/decisions/node-20.md). */
const NODE_TARGET = 'node20.18';
/** Two years of browsers, Safari included. */
const PAGE_TARGET = ['chrome130', 'firefox128', 'safari17'];

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** What npm installs beside the bundle stays out of it, so that an `npm update` reaches it; see docs/decisions/hub-package.md. */
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

const ROOT = dirname(fileURLToPath(import.meta.url));
const TYPES = join(ROOT, 'out/hub/types');

/** Makes the types of `hipstatus/addon` from the sources, and leaves out those that nobody sees. */
async function makeAddonTypes(): Promise<void> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', 'src/hub/addons'], { cwd: ROOT });
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)\.ts'/g)) {
      visit(resolve(dirname(file), `${path}.d.ts`));
    }
  };
  visit(join(TYPES, 'hub/addons/index.d.ts'));
  for (const name of readdirSync(TYPES, { recursive: true, encoding: 'utf8' })) {
    const file = join(TYPES, name);
    if (file.endsWith('.ts') && !seen.has(file)) rmSync(file);
  }
}

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
      await makeAddonTypes();
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
          input: {
            main: 'src/hub/main.ts',
            addon: 'src/hub/addons/index.ts',
            commandWorker: 'src/hub/commands/worker.ts',
          },
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
