import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchApp } from '../e2e/harness/app.ts';
import { contenders } from './apps.ts';
import { openDesk } from './desk.ts';
import { openPerson } from './person.ts';
import { resolveElectron } from '../../scripts/electron-runtime.mjs';
import { ownRuntime } from './runtime.ts';
import { processesOf, totalPss } from './processes.ts';
const electron = await ownRuntime(await resolveElectron(), mkdtempSync(join(tmpdir(), 'rt-')));
process.env['HIPSTATUS_ELECTRON'] = electron.path;
const desk = await openDesk();
const person = await openPerson(mkdtempSync(join(tmpdir(), 'home-')));
const { hipstatus: c } = contenders(person);
for (const v of ['gc', 'last-resort', 'twice']) {
  const since = Date.now();
  const app = await launchApp({ main: c.main, env: c.env });
  await desk.tray.waitForItem({ pid: app.pid });
  while (c.pending(since).length) await sleep(200);
  await sleep(7000);
  const look = async (n: string) => { const p = processesOf(app.pid); console.log(v, n, (totalPss(p) / 1048576).toFixed(1), 'main', (p.find((q) => q.type === 'main')!.pss / 1048576).toFixed(1), JSON.stringify(await app.electron.evaluate(() => process.memoryUsage()))); };
  await look('before');
  if (v !== 'none') await app.electron.evaluate((_e, how) => {
    (process as any).getBuiltinModule('v8').setFlagsFromString('--expose-gc'); (globalThis as any).g = (process as any).getBuiltinModule('vm').runInNewContext('gc');
    if (how === 'gc') (globalThis as any).g(); else (globalThis as any).g({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    if (how === 'twice') for (let i = 0; i < 8; i++) (globalThis as any).g({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, v);
  await sleep(4000);
  await look('after');
  await app.quit();
}
process.exit(0);
