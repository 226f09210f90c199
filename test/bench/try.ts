// scratch
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveElectron } from '../../scripts/electron-runtime.mjs';
import { contenders, start } from './apps.ts';
import { openDesk } from './desk.ts';
import { startAndMemory, idleCpu, windowMemory } from './measure.ts';
import { openPerson } from './person.ts';
import { ownRuntime } from './runtime.ts';
const electron = await ownRuntime(await resolveElectron(), mkdtempSync(join(tmpdir(), 'rt-')));
process.env['HIPSTATUS_ELECTRON'] = electron.path;
import { setTimeout as sleep } from 'node:timers/promises';
const desk = await openDesk();
const person = await openPerson(mkdtempSync(join(tmpdir(), 'home-')));
const { hipstatus, bare } = contenders(person);
const pairs = Number(process.env.PAIRS ?? 1);
const settle = Number(process.env.SETTLE ?? 10000);
const med = (a: number[]) => a.sort((x, y) => x - y)[Math.floor(a.length / 2)]!;
const acc: Record<string, any[]> = { HipStatus: [], bare: [] };
for (let i = 0; pairs && i <= pairs; i++) for (const c of [hipstatus, bare]) {
  const r = await startAndMemory(c, electron, desk, i === 0 ? 0 : settle);
  if (i === 0) continue;
  acc[c.name]!.push(r); console.log(c.name, r.startMs.toFixed(0), (r.pss/1048576).toFixed(1), r.processes.map((p)=>p.type.slice(0,12)+' '+(p.pss/1048576).toFixed(1)).join(', '));
}
if (process.env.STARTS) for (let i = 0; i < Number(process.env.STARTS); i++) for (const c of [hipstatus, bare]) { const a = await start(c, electron, desk); acc[c.name]!.push({startMs: a.startMs}); await sleep(300); await a.stop(); }
const m = (n: string, k: string) => med(acc[n]!.map((r) => r[k]).filter((v) => v !== undefined));
const mainPss = (n: string) => med(acc[n]!.filter((r) => r.processes).map((r) => r.processes.find((p: any) => p.type === 'main').pss));
console.log('start', acc.HipStatus!.map(r=>r.startMs.toFixed(0)).join(' '), '|', acc.bare!.map(r=>r.startMs.toFixed(0)).join(' '));console.log('start', m('HipStatus', 'startMs').toFixed(0), m('bare', 'startMs').toFixed(0), (m('HipStatus', 'startMs') / m('bare', 'startMs')).toFixed(3));
if (pairs) console.log('pss', (m('HipStatus', 'pss')/1048576).toFixed(1), (m('bare', 'pss')/1048576).toFixed(1), (m('HipStatus', 'pss') / m('bare', 'pss')).toFixed(3), 'main', (mainPss('HipStatus')/1048576).toFixed(1), (mainPss('bare')/1048576).toFixed(1));
if (process.env.CPU) console.log(await idleCpu([hipstatus, bare], electron, desk, Number(process.env.CPU)));
if (process.env.WIN) console.log(await windowMemory(hipstatus, desk));
await person.close();
await desk.close();
process.exit(0);
