import type { ChatAccount } from './accounts.ts';
import { eventsUnderWay } from './availability.ts';
import type { CalendarEvent } from './calendarEvent.ts';
import { type ChatRecord, EMPTY_RECORD } from './claim.ts';
import type { ChatCapabilities, Presence, PresenceState } from './presence.ts';
import { afterRestore, type Plan, planPresence } from './presencePlan.ts';
import { desiredPresence, silentMarks, toldTo } from './presenceRules.ts';
import type { Settings } from './settings.ts';
import type { Span } from './sweep.ts';
import type { Instant, TimeZone } from './time.ts';

/** What a chat would be told at one moment, or what it would do by itself (`expires`). */
export interface Step {
  readonly at: Instant;
  readonly kind: 'set' | 'restore' | 'expires';
  readonly state: PresenceState;
  readonly text: string;
  readonly emoji: string;
  /** When the chat itself ends the status; null where it can't. */
  readonly until: Instant | null;
}

const AVAILABLE: Presence = { state: 'available', text: '', emoji: '', until: null };

/** The chat after its own clock has gone on to `now`. */
const aged = (shown: Presence, now: Instant): Presence =>
  shown.until !== null && shown.until <= now ? { ...AVAILABLE, state: shown.state } : shown;

/**
 * What a chat would be told at each edge of `spans`, if the person is available there and changes nothing by hand. The same
 * planner as in the engine, on a chat that stores what it is given.
 */
export function simulateChat(
  events: readonly CalendarEvent[],
  spans: readonly Span[],
  settings: Settings,
  zone: TimeZone,
  chat: ChatAccount,
  capabilities: ChatCapabilities,
): readonly Step[] {
  let shown = AVAILABLE;
  let record: ChatRecord = EMPTY_RECORD;
  const plan = (now: Instant): Plan =>
    planPresence({
      record,
      reading: { presence: shown, isAutomatic: false, profileTimeZone: null },
      wanted: desiredPresence(spans, toldTo(settings, chat), now, zone, events),
      capabilities,
      underWay: eventsUnderWay(events, settings.rules, zone, now),
      justBefore: [],
      ownText: settings.rules.ownText,
      now,
    });
  const edges = [...new Set(spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  return edges.flatMap((now): Step[] => {
    const before = shown;
    shown = aged(shown, now);
    const first = plan(now);
    record = first.record;
    if (first.kind === 'keep') return shown === before ? [] : [{ at: now, kind: 'expires', ...shown }];
    shown = first.write;
    record = first.kind === 'restore' ? afterRestore(first.record) : plan(now).record;
    return [{ at: now, kind: first.kind, ...shown }];
  });
}

/** The marks of this chat's texts that say nothing, by span. */
export const simulateSilence = (
  events: readonly CalendarEvent[],
  spans: readonly Span[],
  settings: Settings,
  chat: ChatAccount,
) =>
  spans.flatMap((span) =>
    silentMarks([span], toldTo(settings, chat), span.start, events).map((silent) => ({ span, silent })),
  );
