import { z } from 'zod';
import type { HandsOff } from './claim.ts';
import { afterHearing, type Heard, type RemoteWord } from './remoteWord.ts';
import type { Instant, Interval } from './time.ts';

const instant = z.iso.datetime();

/** The person's own word, which wins over the calendar. Each ends by itself. */
export const overrides = z.object({
  notFor: z
    .array(z.object({ event: z.string(), until: instant }))
    .max(200)
    .default([])
    .describe('Meetings that do not count, by "Not for this meeting".'),
  busy: z
    .object({ from: instant, until: instant, text: z.string().max(500).default('') })
    .nullable()
    .default(null)
    .describe(
      'You are busy, by "I am busy until …", whatever the calendar says. With a `text` it is shown in place of `statusMessage`.',
    ),
  heard: z
    .array(z.object({ account: z.string(), event: z.number(), at: z.number() }))
    .max(100)
    .default([])
    .describe('Up to where the commands of your hubs were heard, so that none is obeyed twice.'),
});

export type Overrides = Readonly<z.infer<typeof overrides>>;

/** The meetings that do not count any more. Remembered a while beyond their end, like a last word in a chat. */
export const notForKeys = ({ notFor }: Overrides): readonly string[] => notFor.map(({ event }) => event);

/** A time for which the person has said that they are busy. */
export interface BusyTime extends Interval {
  /** What to show; empty or absent for the usual. */
  readonly text?: string;
}

/** The time for which the person has said that they are busy. */
export const busyTimes = ({ busy }: Overrides): readonly BusyTime[] =>
  busy === null ? [] : [{ start: Date.parse(busy.from), end: Date.parse(busy.until), text: busy.text }];

/** "Not for this meeting": what is under way does not count. */
export const withNotFor = (current: Overrides, underWay: readonly HandsOff[]): Overrides => ({
  ...current,
  notFor: [...current.notFor, ...underWay.map(({ event, until }) => ({ event, until: new Date(until).toISOString() }))],
});

/** "I am busy until …". @param text what to show; empty for the usual */
export const withBusy = (current: Overrides, from: Instant, until: Instant, text = ''): Overrides => ({
  ...current,
  busy: { from: new Date(from).toISOString(), until: new Date(until).toISOString(), text },
});

/** The last word that was heard from the hub of an account. */
export const heardFrom = ({ heard }: Overrides, account: string): Heard | undefined =>
  heard.find((one) => one.account === account);

/** @param accounts those that there are: what was heard of others is forgotten */
export const withHeard = (
  current: Overrides,
  account: string,
  word: RemoteWord,
  accounts: readonly string[],
): Overrides => ({
  ...current,
  heard: [
    ...current.heard.filter((one) => one.account !== account && accounts.includes(one.account)),
    { account, ...afterHearing(word, heardFrom(current, account)) },
  ],
});

/** What is left of it at `now`: ended words are forgotten. The same value when nothing has ended. */
export function liveOverrides(current: Overrides, now: Instant): Overrides {
  const notFor = current.notFor.filter(({ until }) => Date.parse(until) > now);
  const busy = current.busy !== null && Date.parse(current.busy.until) > now ? current.busy : null;
  return notFor.length === current.notFor.length && busy === current.busy ? current : { ...current, notFor, busy };
}

/** Words that have ended. They count no more, but what is past is drawn as it was. */
export interface EndedWords {
  readonly notFor: Overrides['notFor'];
  readonly busy: readonly BusyTime[];
}

export const NO_ENDED_WORDS: EndedWords = { notFor: [], busy: [] };

/** What `liveOverrides` forgets at `now`, besides what was kept before and has ended after `since`. */
export function endedWords(current: Overrides, now: Instant, kept: EndedWords, since: Instant): EndedWords {
  const notFor = [...kept.notFor, ...current.notFor.filter(({ until }) => Date.parse(until) <= now)];
  const busy = [...kept.busy, ...busyTimes(current).filter(({ end }) => end <= now)];
  return {
    notFor: notFor.filter(({ until }) => Date.parse(until) > since),
    busy: busy.filter(({ end }) => end > since),
  };
}
