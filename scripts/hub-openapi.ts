// Writes docs/hub-openapi.json, the description of the hub's API, from its routes.
//
//   npm run schema:api               writes it
//   npm run schema:api -- --check    says whether it is up to date, and ends with 1 if not
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startHub } from '../src/hub/compose.ts';
import { readHubSettings } from '../src/hub/settings.ts';
import type { Logger } from '../src/ports/logger.ts';

const PAGE = 'docs/hub-openapi.json';
const FILE = join(import.meta.dirname, '..', PAGE);
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => silent };

/** As a hub serves it. */
async function described(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hipstatus-openapi-'));
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  const hub = await startHub({
    settings: readHubSettings({ HUB_PORT: '0', HUB_DATA: folder }),
    logger: silent,
    version,
  });
  try {
    const answer = await fetch(`${hub.address}/api/v1/openapi.json`);
    return `${JSON.stringify(await answer.json(), null, 1)}\n`;
  } finally {
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether the file says what the routes do. */
export const isUpToDate = async (): Promise<boolean> => (await described()) === readFileSync(FILE, 'utf8');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--check')) writeFileSync(FILE, await described());
  else if (!(await isUpToDate())) {
    process.stderr.write(`${PAGE} is not up to date: npm run schema:api\n`);
    process.exitCode = 1;
  }
}
