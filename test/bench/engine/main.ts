// npm run bench:engine; see scripts/bench-engine.mjs.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { eventsUnderWay, timeline } from '../../../src/core/availability.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { desiredPresence } from '../../../src/core/presenceRules.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { growing, NOON, oneDay, oneYear, SHAPES, type Shape } from './calendars.ts';
import { exponent, medianTime, type Point, withRatios } from './measure.ts';

const ZONE = 'Europe/Berlin';
const COUNTS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
/** Growth is told from 100 events on: below, what a call costs at all outweighs what it does. */
const FROM = 100;
/** How much steeper than n log n a fit may be before it counts as worse: what caches and a shared machine do to it. */
const TOLERANCE = 0.1;

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const print = (line: string) => process.stdout.write(`${line}\n`);

const decide = (events: readonly CalendarEvent[]) =>
  desiredPresence(timeline(events, DEFAULT_SETTINGS.rules, ZONE), DEFAULT_SETTINGS, NOON, ZONE);

const WORKS: Readonly<Record<string, (events: readonly CalendarEvent[]) => unknown>> = {
  'timeline and presence': decide,
  eventsUnderWay: (events) => eventsUnderWay(events, DEFAULT_SETTINGS.rules, ZONE, NOON),
};

print(
  'Timelines decided on one core: all events to the timeline, and from it the presence now. Medians after a warm-up.\n',
);
const single = Object.entries({ 'a day of 20 events': oneDay(), 'a year of recurring ones': oneYear() }).map(
  ([name, events]) => {
    const time = medianTime(() => decide(events));
    print(
      `  ${name.padEnd(26)}${String(events.length).padStart(6)} events${(1000 / time).toFixed(0).padStart(10)} a second`,
    );
    return { name, events: events.length, perSecond: 1000 / time };
  },
);

const growth: { work: string; shape: Shape; points: readonly Point[]; exponent: number; isWithin: boolean }[] = [];
for (const [work, run] of Object.entries(WORKS)) {
  for (const shape of Object.keys(SHAPES) as Shape[]) {
    const measured: { count: number; time: number }[] = [];
    for (const count of COUNTS) {
      const events = growing(shape, count);
      const time = medianTime(() => run(events), count >= 1000 ? { samples: 5 } : {});
      measured.push({ count, time });
      // What takes seconds has shown its growth.
      if (time > 3000) break;
    }
    const points = withRatios(measured);
    const slope = exponent(points.filter(({ count }) => count >= FROM));
    const isWithin = slope <= 1 + TOLERANCE;
    growth.push({ work, shape, points, exponent: slope, isWithin });
    print(`\n${work}; ${SHAPES[shape]}`);
    print('       events          ms   per doubling, over n log n');
    for (const { count, time, overLast } of points) {
      print(`  ${String(count).padStart(11)}${time.toFixed(3).padStart(12)}   ${overLast?.toFixed(2) ?? ''}`);
    }
    print(`  time ~ (n log n)^${slope.toFixed(2)} from ${FROM} events on: ${isWithin ? 'met' : 'missed'}`);
  }
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ single, growth }, null, 1)}\n`);
