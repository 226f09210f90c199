// npm run bench:ics; see scripts/bench-ics.mjs.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { IcsCalendarProvider } from '../../../src/adapters/calendar/ics/provider.ts';
import { DAY, HOUR } from '../../../src/core/time.ts';
import { MemorySecrets } from '../../fakes/memoryStores.ts';
import { counted, series, singles, TODAY } from './calendars.ts';

const ZONE = 'Europe/Berlin';
const signal = new AbortController().signal;
/** What the engine reads at a five-minute mark. */
const window = { start: TODAY - 12 * HOUR, end: TODAY + 36 * HOUR };
const SAMPLES = 5;
const REREADS = 200;

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const print = (line = '') => process.stdout.write(`${line}\n`);
const collect = globalThis.gc;
if (collect === undefined) throw new Error('run it with --expose-gc: npm run bench:ics does');

/** A provider whose calendar is this text; what it asks for is told by `etag`, as a server does. */
async function published(text: string) {
  const secrets = new MemorySecrets();
  await secrets.set({ kind: 'icsaddress', account: 'mine' }, 'https://calendars.example/mine.ics');
  const fetch = async (_url: string, init?: RequestInit): Promise<Response> =>
    new Headers(init?.headers).has('if-none-match')
      ? new Response(null, { status: 304 })
      : new Response(text, { headers: { 'content-type': 'text/calendar', etag: '"1"' } });
  const account = { id: 'mine', provider: 'ics', name: 'Mine', username: '' } as const;
  return new IcsCalendarProvider(account, { fetch, now: () => TODAY, secrets });
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Megabytes in use once all that can be has been collected: what answers hold is let go a turn later. */
async function heap(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}

interface Measured {
  readonly name: string;
  readonly events: number;
  readonly megabytes: number;
  readonly found: number;
  readonly firstMs: number;
  readonly againMs: number;
  /** The longest that nothing else could run. */
  readonly longestMs: number;
  /** Megabytes that stay in memory of it. */
  readonly kept: number;
  /** Megabytes that are more after many reads. */
  readonly growth: number;
}

async function measure(name: string, text: string): Promise<Measured> {
  const events = text.split('BEGIN:VEVENT').length - 1;
  const megabytes = Buffer.byteLength(text) / 1_048_576;
  const first: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  for (let sample = 0; sample < SAMPLES; sample++) {
    const provider = await published(text);
    delay.enable();
    first.push(await timed(() => provider.calendarView(window, ZONE, signal)));
    // The delay is seen by the timer that comes after.
    await new Promise((resolve) => setTimeout(resolve, 5));
    delay.disable();
  }
  const before = await heap();
  const provider = await published(text);
  const found = (await provider.calendarView(window, ZONE, signal)).length;
  const after = await heap();
  const again: number[] = [];
  for (let read = 0; read < REREADS; read++) {
    // The window moves on, as it does over the day.
    const later = { start: window.start + (read % 288) * 300_000, end: window.end + (read % 288) * 300_000 };
    again.push(await timed(() => provider.calendarView(later, ZONE, signal)));
  }
  const end = await heap();
  // It has to be alive up to here, or there is nothing to measure.
  if (provider.skipped > 0) throw new Error(`${name}: ${provider.skipped} events could not be read`);
  return {
    name,
    events,
    megabytes,
    found,
    firstMs: median(first),
    againMs: median(again),
    longestMs: delay.max / 1e6,
    kept: after - before,
    growth: end - after,
  };
}

print('Published calendars read whole: text to events, then again at the next marks while nothing has changed (304).');
print(`Medians of ${SAMPLES} and ${REREADS} reads on one core; memory in MB, after a collection.\n`);
print(
  `  ${'calendar'.padEnd(34)}${'events'.padStart(8)}${'MB'.padStart(7)}${'first ms'.padStart(10)}${'us/event'.padStart(10)}${'longest'.padStart(9)}${'again ms'.padStart(10)}${'kept'.padStart(8)}${'growth'.padStart(8)}`,
);

// Warm: what a compiler does once is not what an event costs.
await measure('warm-up', singles(500));
const measured: Measured[] = [];
const WORLDS: readonly (readonly [string, () => string])[] = [
  ['100 events', () => singles(100)],
  ['1,000 events', () => singles(1_000)],
  ['10,000 events', () => singles(10_000)],
  ['500 series of 1 year', () => series(500, 1)],
  ['500 series of 20 years', () => series(500, 20)],
  ['one of 20 years, counted', () => counted(20)],
];
for (const [name, text] of WORLDS) {
  const one = await measure(name, text());
  measured.push(one);
  print(
    `  ${name.padEnd(34)}${String(one.events).padStart(8)}${one.megabytes.toFixed(2).padStart(7)}${one.firstMs.toFixed(1).padStart(10)}${((one.firstMs * 1000) / one.events).toFixed(0).padStart(10)}${one.longestMs.toFixed(0).padStart(9)}${one.againMs.toFixed(2).padStart(10)}${one.kept.toFixed(2).padStart(8)}${one.growth.toFixed(2).padStart(8)}`,
  );
}

const of = (name: string): Measured => {
  const one = measured.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`nothing was measured as ${name}`);
  return one;
};
const perEvent = (one: Measured) => one.firstMs / one.events;
const ratios = {
  'an event of 10,000 over one of 1,000, first read': perEvent(of('10,000 events')) / perEvent(of('1,000 events')),
  'reading 10,000 again over 1,000 again (10 is linear)': of('10,000 events').againMs / of('1,000 events').againMs,
  'series of 20 years over those of 1 year, first read':
    of('500 series of 20 years').firstMs / of('500 series of 1 year').firstMs,
  'series of 20 years over those of 1 year, again':
    of('500 series of 20 years').againMs / of('500 series of 1 year').againMs,
  'memory kept of 10,000 over its text': of('10,000 events').kept / of('10,000 events').megabytes,
  'memory kept of 10,000 over that of 1,000 (10 is linear)': of('10,000 events').kept / of('1,000 events').kept,
  'memory of series of 20 years over those of 1 year':
    of('500 series of 20 years').kept / of('500 series of 1 year').kept,
  'memory of 10,000 after 200 more reads over after one':
    (of('10,000 events').kept + of('10,000 events').growth) / of('10,000 events').kept,
  'memory of the series after 200 more reads over after one':
    (of('500 series of 20 years').kept + of('500 series of 20 years').growth) / of('500 series of 20 years').kept,
};
print('\nWithin this run:');
for (const [what, ratio] of Object.entries(ratios)) print(`  ${ratio.toFixed(2).padStart(7)}  ${what}`);
print(
  `\nThe day that was read: ${new Date(window.start).toISOString()} and ${(window.end - window.start) / DAY} days on.`,
);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ measured, ratios }, null, 1)}\n`);
