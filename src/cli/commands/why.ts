import { type ChatAccount, PROVIDER_NAMES } from '../../core/accounts.ts';
import { eventsUnderWay } from '../../core/availability.ts';
import { eventKey } from '../../core/calendarEvent.ts';
import type { ChatRecord } from '../../core/claim.ts';
import { spansOf } from '../../core/day.ts';
import { STATE_NAMES } from '../../core/headline.ts';
import { busyTimes, notForKeys } from '../../core/overrides.ts';
import { pauseAt } from '../../core/pause.ts';
import { type DesiredPresence, desiredPresence, silentMarks, toldTo } from '../../core/presenceRules.ts';
import type { Settings } from '../../core/settings.ts';
import { type Span, spanAt } from '../../core/sweep.ts';
import { clockTimeFrom, DAY, HOUR, type Instant, overlaps } from '../../core/time.ts';
import type { Cli } from '../compose.ts';
import { eventLine, type ReadEvent, readCalendars, type Time } from '../dayEvents.ts';
import { differencesOf, silenceLine } from '../differences.ts';
import { type ExitCode, errorJson, type Output, section } from '../output.ts';

type Deps = Pick<Cli, 'clock' | 'settings' | 'secrets' | 'providers' | 'claims'>;

/** `hipstatus why`: the present state in a sentence, and the chain behind it. Reads the calendars, calls no chat. */
export async function why(deps: Deps, output: Output): Promise<ExitCode> {
  const settings = deps.settings.get();
  const [now, zone] = [deps.clock.now(), deps.clock.zone()];
  const { events, failures } = await readCalendars(deps, settings, { start: now - HOUR, end: now + DAY }, zone);
  const all = events.map(({ event }) => event);
  const near = { start: now - DAY, end: now + 2 * DAY };
  const spans = spansOf(all, settings, zone).filter((span) => overlaps(span, near));
  const span = spanAt(spans, now);
  const next = spans.find(({ start }) => start > now) ?? null;
  const underWay = eventsUnderWay(all, settings.rules, zone, now, busyTimes(settings.overrides));
  const time: Time = (at) => clockTimeFrom(at, now, zone);
  const here = events.filter(({ interval }) => interval.start <= now && now < interval.end);
  const records = await deps.claims.peek();
  const isPaused = pauseAt(settings, now).paused;
  const chats = settings.chats.map((chat) => {
    const told = toldTo(settings, chat);
    return {
      id: chat.id,
      why: chatReason(chat, records.get(chat.id), now, time),
      wanted: isPaused ? null : desiredPresence(spans, told, now, zone, all),
      differences: differencesOf(chat),
      leftOut: isPaused ? [] : silentMarks(spans, told, now, all).map(silenceLine),
    };
  });
  const sentence = reason(settings, { now, span, next, isNotFor: isNotFor(here, settings) }, time);

  output.data({
    sentence,
    state: span?.effect ?? null,
    until: span === null ? null : new Date(span.end).toISOString(),
    meetings: underWay.length,
    chats: chats.map(({ wanted, ...chat }) => ({ ...chat, wanted: wantedJson(wanted) })),
    failures: failures.map(({ calendar, error }) => ({ calendar, ...errorJson(error) })),
  });
  const lines = [
    sentence,
    ...section(
      'Could not be read:',
      failures.map(({ calendar, error }) => `${calendar}: ${error.message}`),
    ),
    ...section('On now:', here.length === 0 ? ['nothing'] : here.map((one) => eventLine(one, false, zone, time))),
    ...section('Next:', [next === null ? 'nothing that counts' : `${STATE_NAMES[next.effect]} at ${time(next.start)}`]),
    ...section(
      'The rules ask for:',
      span === null || isPaused
        ? []
        : settings.chats.map((chat, index) => wantedLine(chat, chats[index]?.wanted ?? null)),
    ),
    ...section('Left out of the texts:', [...new Set(chats.flatMap(({ leftOut }) => leftOut))]),
    ...section(
      'Chats:',
      chats.map((chat) => chat.why),
    ),
  ];
  for (const line of lines) output.line(line);
  return failures.length > 0 ? 1 : 0;
}

interface Present {
  readonly now: Instant;
  readonly span: Span | null;
  readonly next: Span | null;
  readonly isNotFor: boolean;
}

const isNotFor = (here: readonly ReadEvent[], { overrides }: Settings): boolean =>
  here.some(({ event }) => notForKeys(overrides).includes(eventKey(event)));

/** The sentence: the person's own word first, then what the calendars say. */
function reason(settings: Settings, { now, span, next, isNotFor }: Present, time: Time): string {
  const pause = pauseAt(settings, now);
  if (pause.paused) {
    return `You have paused HipStatus${pause.until === null ? '' : ` until ${time(pause.until)}`}, so it leaves everything alone.`;
  }
  const isOwn = busyTimes(settings.overrides).some(({ start, end }) => start <= now && now < end);
  if (span !== null && isOwn) return `You are busy until ${time(span.end)} because you said so.`;
  if (span !== null) {
    const what = span.isOutOfOffice
      ? 'you are out of office'
      : span.events.length > 1
        ? 'meetings are on'
        : 'a meeting is on';
    return `You are set to ${STATE_NAMES[span.effect]} until ${time(span.end)} because ${what}.`;
  }
  if (isNotFor) return 'You are left as you are because you said "Not for this meeting".';
  const then = next === null ? '' : ` The next one begins at ${time(next.start)}.`;
  return `You are left as you are because nothing that counts is on.${then}`;
}

/** What the rules want of one chat, its own differences included. */
function wantedLine(chat: ChatAccount, wanted: DesiredPresence | null): string {
  const differences = differencesOf(chat);
  const name = `${PROVIDER_NAMES[chat.provider]}${differences.length === 0 ? '' : ` (${differences.join('; ')})`}`;
  if (wanted === null) return `${name}: nothing`;
  const state = wanted.state === null ? 'your own state' : STATE_NAMES[wanted.state];
  const text = wanted.text === '' ? 'your own status' : `"${wanted.text}"`;
  return `${name}: ${state}, ${text}`;
}

const wantedJson = (wanted: DesiredPresence | null) =>
  wanted === null ? null : { state: wanted.state, text: wanted.text, emoji: wanted.emoji };

/** What HipStatus remembers of one chat. */
function chatReason(chat: ChatAccount, record: ChatRecord | undefined, now: Instant, time: Time): string {
  const name = PROVIDER_NAMES[chat.provider];
  const isHandsOff = record?.handsOff.some(({ until }) => until > now) === true;
  if (record?.claim != null) {
    const { asked, snapshot, end } = record.claim;
    return `${name}: shows what HipStatus wrote (${STATE_NAMES[asked.state]}); at ${time(end)} it goes back to ${STATE_NAMES[snapshot.state]}`;
  }
  return isHandsOff ? `${name}: left as you set it, for this meeting` : `${name}: shows your own status`;
}
