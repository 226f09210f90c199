// The Today window draws what the engine's own timeline says: 200 generated days, shown in it one after the other.
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge, timeline } from '../../src/core/availability.ts';
import { eventInterval, eventKey, isAllDay } from '../../src/core/calendarEvent.ts';
import { type DayPicture, dayPicture } from '../../src/core/day.ts';
import { timeFrom } from '../../src/core/localFormat.ts';
import { busyTimes, notForKeys } from '../../src/core/overrides.ts';
import { layerSettings } from '../../src/core/settings.ts';
import { type Speech, text } from '../../src/core/texts.ts';
import { dayOf, type Interval, overlaps } from '../../src/core/time.ts';
import { contract } from '../../src/desktop/ipc/contract.ts';
import { type TodayView, todayView } from '../../src/desktop/ipc/todayView.ts';
import { dayRange } from '../../src/desktop/renderer/ui/dayRange.ts';
import { type RandomDay, randomDay } from '../unit/core/days.ts';
import { World } from './harness/world.ts';

const DAYS = 200;
const SEED = 20261121;
/** Of the drawn range; a hundredth of a per cent is less than ten seconds of a whole day. */
const SLACK = 0.01;

/** A piece as the page has it: what it says, and where it lies in its row, in per cent of the row, as styled and as laid out. */
interface Drawn {
  readonly label: string;
  readonly look: string;
  readonly from: number;
  readonly length: number;
  readonly laidFrom: number;
  readonly laidLength: number;
}

interface DrawnDay {
  readonly band: readonly Drawn[];
  readonly events: readonly Drawn[];
  readonly allDay: readonly string[];
  readonly now: number | null;
  readonly rowWidth: number;
}

/** Runs in the page: whatever is drawn is read there at once, under the name that the first chat has in it. */
const WATCH = `(() => {
  const share = (value) => Number(value.replace('%', ''));
  const read = () => {
    const pieces = (row) => [...document.querySelectorAll(row + ' .piece')].map((piece) => {
      const [at, of] = [piece.getBoundingClientRect(), piece.parentElement.getBoundingClientRect()];
      return {
        label: piece.ariaLabel,
        look: piece.className.replace('piece ', ''),
        from: share(piece.style.insetInlineStart),
        length: share(piece.style.inlineSize),
        laidFrom: ((at.left - of.left) / of.width) * 100,
        laidLength: (at.width / of.width) * 100,
      };
    });
    const now = document.querySelector('.plot > .now');
    return {
      band: pieces('.band'),
      events: pieces('.lanes'),
      allDay: [...document.querySelectorAll('.all-day .piece')].map((piece) => piece.ariaLabel),
      now: now === null ? null : share(now.style.insetInlineStart),
      rowWidth: document.querySelector('.band')?.getBoundingClientRect().width ?? 0,
    };
  };
  globalThis.drawn = {};
  const look = () => {
    const name = document.querySelector('li[data-account] strong')?.textContent ?? '';
    if (name.startsWith('day-')) globalThis.drawn[name] = read();
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
})()`;

/** What the timeline has for the day, without asking `dayPicture`. */
function spansOf(day: RandomDay) {
  const { rules, overrides } = layerSettings(day.settings).settings;
  const silenced = new Set(notForKeys(overrides));
  return timeline(day.calendars.flat(), rules, day.zone, silenced, busyTimes(overrides));
}

/** The part of it that is drawn, in per cent. */
function placeIn(range: Interval, { start, end }: Interval): { readonly from: number; readonly length: number } {
  const share = (at: number) =>
    ((Math.min(Math.max(at, range.start), range.end) - range.start) / (range.end - range.start)) * 100;
  return { from: share(start), length: share(end) - share(start) };
}

/** The band as it is to be: what counts, and between it what is the person's own. */
function bandOf(day: RandomDay, range: Interval, speech: Speech) {
  const whole = dayOf(day.date, day.zone);
  const spans = spansOf(day).filter((span) => overlaps(span, whole));
  const own = [whole.start, ...spans.flatMap(({ start, end }) => [start, end]), whole.end];
  const gaps = own.flatMap((start, index) => {
    const end = own[index + 1] ?? start;
    return index % 2 === 0 && start < end ? [{ start, end, effect: 'own' as const }] : [];
  });
  const at = (instant: number) => timeFrom(instant, whole.start, day.zone, speech);
  return [...spans, ...gaps]
    .filter((part) => overlaps(part, range))
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, effect }) => ({
      look: effect,
      says: `${text(effect === 'own' ? 'day.own' : `state.${effect}`, speech)}, ${text('day.times', speech, { start: at(start), end: at(end) })}. `,
      ...placeIn(range, { start, end }),
    }));
}

/** The day's meetings, each once, with its colour; of several versions of one the longest that counts, else the first. */
function meetingsOf({ calendars, settings, zone, date }: RandomDay) {
  const { rules, overrides } = layerSettings(settings).settings;
  const silenced = new Set(notForKeys(overrides));
  const whole = dayOf(date, zone);
  const events = calendars.flat();
  return [...new Set(events.map(eventKey))].flatMap((key) => {
    const versions = events.filter((event) => eventKey(event) === key);
    const judged = versions.map((event) => {
      const verdict = judge(event, rules, zone);
      const look = verdict.counts && !silenced.has(key) ? verdict.effect : 'idle';
      return { key, look, isAllDay: isAllDay(event, zone), ...eventInterval(event, zone) };
    });
    const counting = judged.filter(({ look }) => look !== 'idle');
    const longest = Math.max(...counting.map(({ end }) => end));
    const one = counting.find(({ end }) => end === longest) ?? judged[0];
    if (one === undefined || one.start >= whole.end) return [];
    return one.end > whole.start || one.start >= whole.start ? [one] : [];
  });
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : 1);
const keyOf = (label: string): string => label.split(', ')[0] ?? '';

describe('the day as it is drawn', () => {
  let world: World;
  let page: Page;
  let base: TodayView;

  beforeAll(async () => {
    world = await World.open({ isSetUp: true, settings: { language: 'en' } });
    await world.launch();
    await world.tray.menu.waitForItem([/^Available/]);
    await world.tray.activate();
    page = await world.app.waitForWindow((one) => one.url().includes('/today/'), { what: 'the Today panel' });
    await page.locator('.timeline').waitFor();
    base = todayView.parse(await page.evaluate('hipstatus.today(null).then(({ value }) => value)'));
    await page.evaluate(WATCH);
  });

  afterAll(() => world?.close());

  /** Shows a day in the window, through the channel that the engine's own days come through. */
  async function draw(picture: DayPicture, name: string): Promise<DrawnDay> {
    const [chat, ...others] = base.state.chats;
    if (chat === undefined) throw new Error('no chat is set up');
    const state = { ...base.state, chats: [{ ...chat, label: name }, ...others] };
    const view = todayView.parse({ ...base, state, day: picture, isKnown: true, isWhole: true });
    await world.app.electron.evaluate(
      ({ BrowserWindow }, [channel, sent]) => {
        for (const window of BrowserWindow.getAllWindows()) window.webContents.send(channel, sent);
      },
      [contract.todayChanged.channel, view] as const,
    );
    await page.waitForFunction(`'${name}' in drawn`);
    return page.evaluate<DrawnDay>(`drawn['${name}']`);
  }

  it(`is the engine's timeline on ${DAYS} generated days`, async () => {
    const seen = { spans: 0, events: 0, allDay: 0, days: 0 };
    for (const [index, day] of fc.sample(randomDay, { seed: SEED, numRuns: DAYS }).entries()) {
      const { settings } = layerSettings(day.settings);
      const { zone, now } = day;
      // So that each block can be told from the others.
      const events = day.calendars.flat().map((event) => ({ ...event, subject: eventKey(event) }));
      const picture = dayPicture({ events, settings, zone, now });
      const range = dayRange(picture);
      const drawn = await draw(picture, `day-${index}`);
      const what = `day ${index} of seed ${SEED}`;

      const expected = bandOf(day, range, base.speech);
      const saysSo = drawn.band.map(({ look, label }, at) => ({
        look,
        says: label.slice(0, expected[at]?.says.length ?? 0),
      }));
      expect(saysSo, what).toEqual(expected.map(({ look, says }) => ({ look, says })));
      // The page lays out in parts of a pixel.
      const pixel = 100 / drawn.rowWidth;
      for (const [at, { from, length }] of expected.entries()) {
        const piece = drawn.band[at];
        expect(Math.abs((piece?.from ?? Number.NaN) - from), what).toBeLessThan(SLACK);
        expect(Math.abs((piece?.length ?? Number.NaN) - length), what).toBeLessThan(SLACK);
        expect(Math.abs((piece?.laidFrom ?? Number.NaN) - from), what).toBeLessThan(pixel);
        expect(Math.abs((piece?.laidLength ?? Number.NaN) - length), what).toBeLessThan(pixel);
      }

      const meetings = meetingsOf(day);
      const timed = meetings.filter((one) => !one.isAllDay);
      const blocks = drawn.events.map(({ label, look }) => ({ key: keyOf(label), look }));
      expect(blocks.sort(byKey), what).toEqual(timed.map(({ key, look }) => ({ key, look })).sort(byKey));
      expect(drawn.allDay.map(keyOf).sort(), what).toEqual(
        meetings.flatMap(({ key, isAllDay: is }) => (is ? [key] : [])).sort(),
      );
      for (const one of timed) {
        const place = placeIn(range, one);
        const block = drawn.events.find(({ label }) => keyOf(label) === one.key);
        expect(Math.abs((block?.from ?? Number.NaN) - place.from), what).toBeLessThan(SLACK);
        expect(Math.abs((block?.length ?? Number.NaN) - place.length), what).toBeLessThan(SLACK);
        expect(Math.abs((block?.laidFrom ?? Number.NaN) - place.from), what).toBeLessThan(pixel);
      }

      for (const { from, length } of [...drawn.band, ...drawn.events]) {
        expect(from, what).toBeGreaterThanOrEqual(0);
        expect(from + length, what).toBeLessThanOrEqual(100 + SLACK);
      }
      expect(drawn.now ?? Number.NaN, what).toBeCloseTo(placeIn(range, { start: now, end: now }).from, 2);
      seen.days += 1;
      seen.spans += expected.filter(({ look }) => look !== 'own').length;
      seen.events += drawn.events.length;
      seen.allDay += drawn.allDay.length;
    }
    process.stdout.write(`drawn: ${JSON.stringify(seen)}\n`);
    expect(seen.days).toBe(DAYS);
    // The days are not empty ones.
    expect(Math.min(seen.spans, seen.events, seen.allDay)).toBeGreaterThan(DAYS / 4);
  });
});
