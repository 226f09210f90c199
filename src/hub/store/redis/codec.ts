import type { Presence } from '../../../core/presence.ts';
import type { EVENT_KINDS, HubEvent, Person, PersonRecord, Span } from '../../model.ts';

/**
 * Records and events as lines. No line holds a line break, as JSON escapes them. The lines of a record, as `lua.ts` numbers them from 1:
 * event, reporting (0 or 1), reportedUntil, said.until, the presence as JSON, source, said.changedAt, day, email, name (all JSON), and the
 * identities, each as JSON, with tabs between. Null is an empty line. The id is not in it: it is the key.
 */
type Lines = readonly string[];

const SEPARATOR = '\t';

const json = (value: unknown): string => JSON.stringify(value);
const optional = (instant: number | null): string => (instant === null ? '' : String(instant));
const instantOf = (text: string): number | null => (text === '' ? null : Number(text));

/** With its members in one order, as scripts compare the text. */
export const presenceText = ({ state, text, emoji, until }: Presence): string => json({ state, text, emoji, until });
export const untilText = ({ until }: Presence): string => optional(until);
export const dayText = (day: readonly Span[]): string =>
  json(day.map(({ start, end, state }) => ({ start, end, state })));

/** Also the field of the index of identities. */
export const identityText = (service: string, id: string): string => json([service, id]);
/** Also the field of the index of emails. */
export const emailText = (email: string): string => json(email);

/** Email, name and identities. */
export const personLines = ({ email, name, identities }: Person): Lines => [
  emailText(email),
  json(name),
  identities.map(({ service, id }) => identityText(service, id)).join(SEPARATOR),
];

function linesOf(text: string, count: number): string[] {
  const lines = text.split('\n');
  if (lines.length !== count) throw new Error('A record in Redis does not have the lines that it must have.');
  return lines;
}

export function parseRecord(id: string, text: string): PersonRecord {
  const [event, reporting, reportedUntil, , presence, source, changedAt, day, email, name, identities] = linesOf(
    text,
    11,
  ) as [string, string, string, string, string, string, string, string, string, string, string];
  return {
    person: {
      id,
      email: JSON.parse(email) as string,
      name: JSON.parse(name) as string,
      identities:
        identities === ''
          ? []
          : identities.split(SEPARATOR).map((pair) => {
              const [service, theirs] = JSON.parse(pair) as [string, string];
              return { service, id: theirs };
            }),
    },
    said: {
      ...(JSON.parse(presence) as Presence),
      source: JSON.parse(source) as string,
      changedAt: Number(changedAt),
    },
    day: JSON.parse(day) as Span[],
    reporting: reporting === '1',
    reportedUntil: instantOf(reportedUntil),
    event: Number(event),
  };
}

/** Instant, kind and person's id, and then the record's lines. */
export function parseEvent(text: string): HubEvent {
  const [at = '', kind = '', id = ''] = text.split('\n', 3);
  const record = parseRecord(id, text.slice(at.length + kind.length + id.length + 3));
  return { id: record.event, at: Number(at), kind: kind as (typeof EVENT_KINDS)[number], record };
}

/** `[a, b, c, d]` as `[[a, b], [c, d]]`. */
export function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) found.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return found;
}
