import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchApp } from '../e2e/harness/app.ts';
import { contenders } from './apps.ts';
import { openDesk } from './desk.ts';
import { openPerson } from './person.ts';
const desk = await openDesk();
const person = await openPerson(mkdtempSync(join(tmpdir(), 'home-')));
const { hipstatus, bare } = contenders(person);
for (const c of [bare, hipstatus]) {
  const since = Date.now();
  const app = await launchApp({ main: c.main, env: c.env });
  await desk.tray.waitForItem({ pid: app.pid });
  while (c.pending(since).length) await sleep(200);
  await sleep(8000);
  const r = await app.electron.evaluate(() => ({ m: process.memoryUsage(), s: process.getBuiltinModule?.('v8')?.getHeapSpaceStatistics?.() .map((x: any) => [x.space_name, x.space_size >> 10, x.space_used_size >> 10]) }));
  console.log(c.name, JSON.stringify(r));
  const maps = readFileSync(`/proc/${app.pid}/smaps`, 'utf8').split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
  const by: Record<string, number> = {};
  for (const m of maps) { const head = m.split('\n')[0]!.split(/\s+/); const k = (head[5] || 'anon').replace(/.*\//, '') + (head[1]!.includes('x') ? ' x' : ''); by[k] = (by[k] ?? 0) + Number(/^Rss:\s+(\d+)/m.exec(m)![1]); }
  console.log(Object.entries(by).sort((a, b) => b[1] - a[1]).slice(0, 14).map(([k, v]) => `${k} ${(v / 1024).toFixed(1)}`).join(', '));
  const heads = maps.filter((m) => !m.split('\n')[0]!.split(/\s+/)[5]).map((m) => [m.split(' ')[0], Number(/^Rss:\s+(\d+)/m.exec(m)![1])] as const).sort((a, b) => b[1] - a[1]).slice(0, 12);
  console.log(heads.map(([a, b]) => `${a} ${b}`).join('\n'));
  await app.quit();
}
process.exit(0);
