import { AppError } from '../core/appError.ts';
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

const wordIn = ({ id, at, kind, record }: HubEvent): RemoteWord | null =>
  wordOfEvent({ id, at, kind, shown: shownOf(record) });

export function createWords({ presences, store, clock }: WordsDeps): Words {
  /** Says it and takes it back at once: the feed has carried it, and nothing of what the person shows is lost. */
  async function pass(id: string, kind: WordKind, until: Instant): Promise<PersonRecord> {
    const before = await store.record(id);
    const { state, text, emoji } = before?.said ?? { state: 'available', text: '', emoji: '' };
    const said = await presences.say(id, { state, text, emoji, until }, { source: sourceOfWord(kind) });
    if (before === null) return said;
    const { source, changedAt: _, ...own } = before.said;
    const isOver = own.until !== null && own.until <= clock.now();
    const back = isOver ? { state: 'available' as const, text: '', emoji: '', until: null } : own;
    try {
      return await presences.say(id, back, { source, ifEvent: said.event });
    } catch (thrown) {
      // Somebody has said something newer in between.
      if (thrown instanceof AppError && thrown.code === 'conflict') return said;
      throw thrown;
    }
  }

  return {
    busy: (id, until, text) =>
      presences.say(
        id,
        { state: 'dnd', text, emoji: '', until },
        { source: sourceOfWord('busy'), reportedAtLeast: until },
      ),
    available: (id) =>
      presences.say(
        id,
        { state: 'available', text: '', emoji: '', until: clock.now() + NEWS },
        { source: sourceOfWord('available') },
      ),
    pause: (id, until) => pass(id, 'pause', until),
    resume: (id) => pass(id, 'resume', clock.now() + NEWS),
    async said(id) {
      const now = clock.now();
      const events = await store.history(id, now - LONGEST_WORD);
      return events.map(wordIn).filter((word) => word !== null && word.until > now) as RemoteWord[];
    },
  };
}
