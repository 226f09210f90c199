import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../scripts/lib/run.mjs';
import type { HipchatConnectSandbox } from '../../src/sandbox/hipchatConnect/index.ts';
import { makeCertificate } from '../../src/sandbox/tls.ts';
import { ADA, ENGINE, startTestServer } from './hipchat-addon-world.ts';
import { connectFindings } from './hipchat-connect.ts';
import { INSTALL_MS, installFixture } from './servers/npmFixture.ts';

/** A client of the API v2 that nobody here wrote (hipchat-notifier, MIT), unmodified; it speaks TLS only. */
let program: string;
let folder: string;
let hipchat: HipchatConnectSandbox;

beforeAll(async () => {
  program = await installFixture('hipchat-notifier');
  folder = await mkdtemp(join(tmpdir(), 'hipstatus-notifier-'));
  const tls = await makeCertificate();
  await writeFile(join(folder, 'server.pem'), tls.cert);
  hipchat = await startTestServer({ tls });
  hipchat.addToken('of-ada', ADA, ['send_notification']);
}, INSTALL_MS);
afterAll(async () => {
  await hipchat?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

const notify = (token: string) =>
  run(process.execPath, ['notify.js', `localhost:${hipchat.port}`, String(ENGINE)], {
    cwd: program,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'server.pem'), NODE_NO_WARNINGS: '1' },
    capture: true,
    input: token,
  });

it('its notifications come, in their colours', async () => {
  expect(await notify('of-ada')).toMatchObject({ code: 0, output: '[204,204,204,204,204]' });
  const body = { message_format: 'text', notify: true, from: 'Builds' };
  expect(hipchat.posts.map((post) => post.body)).toEqual([
    { ...body, message: 'notice', color: 'gray' },
    { ...body, message: 'info', color: 'yellow' },
    { ...body, message: 'success', color: 'green' },
    { ...body, message: 'warning', color: 'purple' },
    { ...body, message: '<b>failure</b>', color: 'red', message_format: 'html' },
  ]);
  expect(connectFindings(hipchat.journal.exchanges)).toEqual([]);
});

it('another token is refused', async () => {
  expect(await notify('of-nobody')).toMatchObject({ output: '[401,401,401,401,401]' });
});
