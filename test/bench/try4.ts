import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { contenders, start } from './apps.ts';
import { openDesk } from './desk.ts';
import { openPerson } from './person.ts';
import { resolveElectron } from '../../scripts/electron-runtime.mjs';
import { ownRuntime } from './runtime.ts';
import { processesOf, totalPss } from './processes.ts';
const electron = await ownRuntime(await resolveElectron(), mkdtempSync(join(tmpdir(), 'rt-')));
const desk = await openDesk();
const person = await openPerson(mkdtempSync(join(tmpdir(), 'home-')));
const { hipstatus, bare } = contenders(person);
const args = (process.env.ARGS ?? '').split(' ').filter(Boolean);
if (process.env.ONLY) Object.assign(hipstatus, { extra: args });
for (const c of [bare, hipstatus, bare, hipstatus]) {
  const app = await start(c, electron, desk);
  await sleep(10000);
  const p = processesOf(app.pid);
  console.log(c.name, app.startMs.toFixed(0), (totalPss(p) / 1048576).toFixed(1));
  for (const q of p) { const r = readFileSync(`/proc/${q.pid}/smaps_rollup`, 'utf8'); const g = (k: string) => (Number(new RegExp(`^${k}:\\s+(\\d+)`, 'm').exec(r)![1]) / 1024).toFixed(1);
    console.log('   ', q.type.padEnd(45), 'pss', g('Pss'), 'anon', g('Pss_Anon'), 'file', g('Pss_File'), 'shmem', g('Pss_Shmem'), 'uss', (Number(g('Private_Clean')) + Number(g('Private_Dirty'))).toFixed(1)); }
  if (process.env.MAPS) { const main = p.find((q) => q.type === 'main')!; const by: Record<string, number> = {};
    for (const m of readFileSync(`/proc/${main.pid}/smaps`, 'utf8').split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/)) { const head = m.split('\n')[0]!.split(/\s+/); const k = (head[5] || 'anon').replace(/.*\//, '') + (head[1]!.includes('x') ? ' x' : ''); by[k] = (by[k] ?? 0) + Number(/^Pss:\s+(\d+)/m.exec(m)![1]); }
    console.log('   ', Object.entries(by).sort((a, b) => b[1] - a[1]).slice(0, 18).map(([k, v]) => `${k} ${(v / 1024).toFixed(1)}`).join(', ')); }
  await app.stop(); await sleep(300);
}
process.exit(0);
