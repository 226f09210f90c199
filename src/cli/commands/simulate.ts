import { type ChatAccount, withEmail } from '../../core/accounts.ts';
import { AppError } from '../../core/appError.ts';
import { spansOf } from '../../core/day.ts';
import { STATE_NAMES } from '../../core/headline.ts';
import type { Settings } from '../../core/settings.ts';
import { missingStep } from '../../core/setup.ts';
import { type Step, simulateChat, simulateSilence } from '../../core/simulation.ts';
import type { Span } from '../../core/sweep.ts';
import {
  clockTimeFrom,
  dateAt,
  dayOf,
  type Instant,
  type Interval,
  type LocalDate,
  overlaps,
} from '../../core/time.ts';
import type { Cli } from '../compose.ts';
import { eventLine, type ReadEvent, readCalendars, type Time } from '../dayEvents.ts';
import { differencesOf, silenceLine } from '../differences.ts';
import { type ExitCode, errorJson, type Output, section } from '../output.ts';
import { setupHint } from '../setupHint.ts';

type Deps = Pick<Cli, 'paths' | 'clock' | 'settings' | 'secrets' | 'providers'>;

export interface SimulateArgs {
  /** Null for today. */
  readonly date: LocalDate | null;
  /** Only this chat account; null for all. */
  readonly chat: string | null;
  readonly subjects: boolean;
}

/** `hipstatus simulate`: the calendars are read, the chats are not called, nothing is written. */
export async function simulate(deps: Deps, args: SimulateArgs, output: Output): Promise<ExitCode> {
  const settings = deps.settings.get();
  if (settings.calendars.length === 0) {
    const missing = missingStep(settings) ?? { kind: 'add', provider: 'microsoft365' };
    throw new AppError('invalidInput', setupHint(missing, deps.paths.settingsFile));
  }
  const chats = chosenChats(settings, args.chat);
  const zone = deps.clock.zone();
  const date = args.date ?? dateAt(deps.clock.now(), zone);
  const day = dayOf(date, zone);
  const { events, failures } = await readCalendars(deps, settings, day, zone);
  const all = events.map(({ event }) => event);
  const spans = spansOf(all, settings, zone).filter((span) => overlaps(span, day));
  const told = chats.map((chat) => {
    const { label, capabilities } = deps.providers.chat(withEmail(chat, settings.email), deps.secrets);
    const steps = simulateChat(all, spans, settings, zone, chat, capabilities);
    return { id: chat.id, label, differences: differencesOf(chat), steps };
  });
  const shown = events
    .filter(({ interval }) => overlaps(interval, day))
    .sort((a, b) => a.interval.start - b.interval.start);

  output.data({
    date,
    zone,
    events: shown.map((one) => eventJson(one, args.subjects)),
    spans: spans.map(({ start, end, effect, isOutOfOffice }) => ({
      ...isoInterval({ start, end }),
      effect,
      isOutOfOffice,
    })),
    chats: told.map(({ steps, ...chat }) => ({ ...chat, steps: steps.map(stepJson) })),
    failures: failures.map(({ calendar, error }) => ({ calendar, ...errorJson(error) })),
  });
  const time = (at: Instant) => clockTimeFrom(at, day.start, zone);
  const silent = chats.flatMap((chat) =>
    simulateSilence(all, spans, settings, chat).map(
      ({ span, silent: one }) => `${time(span.start)}–${time(span.end)}  ${silenceLine(one)}`,
    ),
  );
  const lines = [
    `${date}, ${zone}. Nothing is written.`,
    ...(settings.pausedUntil === null ? [] : ['HipStatus is paused; this is what it would do if it were not.']),
    ...section(
      'Could not be read:',
      failures.map(({ calendar, error }) => `${calendar}: ${error.message}`),
    ),
    ...section(
      'Events:',
      shown.length === 0 ? ['none'] : shown.map((one) => eventLine(one, args.subjects, zone, time)),
    ),
    ...section('Presence:', spans.length === 0 ? ['yours, all day'] : spans.map((span) => spanLine(span, time))),
    ...told.flatMap(({ label, differences, steps }) =>
      section(
        `${label} would be told${differences.length === 0 ? '' : ` (${differences.join('; ')})`}:`,
        steps.length === 0 ? ['nothing'] : steps.map((step) => stepLine(step, time)),
      ),
    ),
    ...section('Left out of the texts:', [...new Set(silent)]),
  ];
  for (const line of lines) output.line(line);
  return failures.length > 0 ? 1 : 0;
}

function chosenChats({ chats }: Settings, chosen: string | null): readonly ChatAccount[] {
  if (chosen === null) return chats;
  const found = chats.filter(({ id }) => id === chosen);
  if (found.length > 0) return found;
  const known = chats.map(({ id }) => id).join(', ');
  throw new AppError(
    'invalidInput',
    `There is no chat "${chosen}". ${known === '' ? 'None is set up.' : `There is: ${known}.`}`,
  );
}

const spanLine = ({ start, end, effect, isOutOfOffice }: Span, time: Time): string =>
  `${time(start)}–${time(end)}  ${STATE_NAMES[effect]}${isOutOfOffice ? ' (out of office)' : ''}`;

function stepLine({ at, kind, state, text, emoji, until }: Step, time: Time): string {
  const status = text === '' ? 'no status' : `"${text}"${emoji === '' ? '' : ` ${emoji}`}`;
  const end = until === null ? '' : `, ends by itself at ${time(until)}`;
  if (kind === 'expires') return `${time(at)}  nothing: its status ends by itself`;
  return `${time(at)}  ${kind === 'set' ? '' : 'given back: '}${STATE_NAMES[state]}, ${status}${end}`;
}

const iso = (at: Instant): string => new Date(at).toISOString();
const isoInterval = ({ start, end }: Interval) => ({ start: iso(start), end: iso(end) });
const stepJson = (step: Step) => ({ ...step, at: iso(step.at), until: step.until === null ? null : iso(step.until) });
const eventJson = ({ calendar, event, interval, verdict }: ReadEvent, subjects: boolean) => ({
  calendar,
  ...isoInterval(interval),
  allDay: event.time.kind === 'allDay',
  showAs: event.showAs,
  ...(verdict.counts ? { counts: true, effect: verdict.effect } : verdict),
  ...(subjects ? { subject: event.subject } : {}),
});
