import { AppError } from '../core/appError.ts';
import type { Presence } from '../core/presence.ts';
import { type RemoteWord, sourceOfWord, type WordKind, wordOfEvent } from '../core/remoteWord.ts';
import { DAY, HOUR, type Instant } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import { type HubEvent, type PersonRecord, shownOf } from './model.ts';
import type { Presences } from './presences.ts';
import type { HubStore } from './store/port.ts';

/** How long "available" and "resume" are news for an app that was off when they were said. */
const NEWS = HOUR;
/** The longest a word may hold: history reaches back further. */
export const LONGEST_WORD = DAY;

export interface WordsDeps {
  readonly presences: Presences;
  readonly store: Pick<HubStore, 'record' | 'history'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * What a person says with a command. Each is one event of the feed with `source` `command.…`, which the person's own app hears and
 * obeys; until it has, or where none runs, the hub shows it. Throws as `HubStore.report` does.
 */
export interface Words {
  /** Busy until then, shown as do not disturb. @param text empty for none */
  busy(personId: string, until: Instant, text: string): Promise<PersonRecord>;
  /** What is on now does not count, and "busy" ends. */
  available(personId: string): Promise<PersonRecord>;
  /** The app follows no calendar until then. What is shown of the person stays as it is. */
  pause(personId: string, until: Instant): Promise<PersonRecord>;
  resume(personId: string): Promise<PersonRecord>;
  /** The words that still count, oldest first: for an app that was off. */
  said(personId: string): Promise<readonly RemoteWord[]>;
}

type Until = Presence & { readonly until: Instant };
const NOTHING: Presence = { state: 'available', text: '', emoji: '', until: null };

const wordIn = ({ id, at, kind, record }: HubEvent): RemoteWord | null =>
  wordOfEvent({ id, at, kind, shown: shownOf(record) });

export function createWords({ presences, store, clock }: WordsDeps): Words {
  /** A word is a report, and never a shorter one than there was: others may be there for the person, such as organisation sync. */
  const say = (kind: WordKind, presence: Until, before: PersonRecord | null, id: string): Promise<PersonRecord> =>
    presences.say(id, presence, {
      source: sourceOfWord(kind),
      reportedAtLeast: Math.max(kind === 'busy' ? presence.until : 0, before?.reportedUntil ?? 0),
    });

  /** Says it and takes it back at once: the feed has carried it, and nothing of what the person shows is lost. */
  async function pass(kind: WordKind, until: Instant, before: PersonRecord | null, id: string): Promise<PersonRecord> {
    const { state, text, emoji } = before?.said ?? NOTHING;
    const said = await say(kind, { state, text, emoji, until }, before, id);
    if (before === null) return said;
    const { source, changedAt: _, ...own } = before.said;
    const isOver = own.until !== null && own.until <= clock.now();
    const reportedAtLeast = said.reportedUntil ?? 0;
    try {
      return await presences.say(id, isOver ? NOTHING : own, { source, reportedAtLeast, ifEvent: said.event });
    } catch (thrown) {
      // Somebody has said something newer in between.
      if (thrown instanceof AppError && thrown.code === 'conflict') return said;
      throw thrown;
    }
  }

  return {
    busy: async (id, until, text) => say('busy', { ...NOTHING, state: 'dnd', text, until }, await store.record(id), id),
    async available(id) {
      const before = await store.record(id);
      const now = clock.now();
      // Where the plan is known, no longer than what is on.
      const span = before?.day.find(({ start, end }) => start <= now && now < end);
      const until = Math.min(now + NEWS, span?.end ?? now + NEWS);
      // Their text stays; one of the app's is taken back by the app.
      if (before?.reporting === true && before.said.state === 'available') return pass('available', until, before, id);
      return say('available', { ...NOTHING, until }, before, id);
    },
    pause: async (id, until) => pass('pause', until, await store.record(id), id),
    resume: async (id) => pass('resume', clock.now() + NEWS, await store.record(id), id),
    async said(id) {
      const now = clock.now();
      const events = await store.history(id, now - LONGEST_WORD);
      return events.map(wordIn).filter((word) => word !== null && word.until > now) as RemoteWord[];
    },
  };
}
