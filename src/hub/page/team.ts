import type { PresenceState } from '../../core/presence.ts';
import { type ChangeOut, nameOf, type PersonOut, type PresenceOut } from './model.ts';

interface Known {
  readonly event: number;
  /** Null: removed. */
  readonly presence: PresenceOut | null;
}

/** The order of the state filter: who can be asked first. */
export const STATE_ORDER: readonly PresenceState[] = ['available', 'away', 'busy', 'dnd', 'offline'];

/** Everybody as the page knows them. A load goes on beside what is shown, and changes that come meanwhile count in both. */
export class Team {
  readonly #collator = new Intl.Collator(undefined, { numeric: true });
  #known = new Map<string, Known>();
  #loading: Map<string, Known> | null = null;
  /** The ids by name; null when somebody came, went or changed name. */
  #order: readonly string[] | null = [];
  #people: readonly PresenceOut[] | null = [];

  /** Everybody by name; the same array until something changes. */
  get people(): readonly PresenceOut[] {
    this.#order ??= [...this.#known.values()]
      .flatMap(({ presence }) => presence?.person ?? [])
      .sort((a, b) => this.#compare(a, b))
      .map(({ id }) => id);
    this.#people ??= this.#order.flatMap((id) => this.#known.get(id)?.presence ?? []);
    return this.#people;
  }

  /** Begins to read everybody anew; one that was begun before is forgotten. */
  beginLoad(): void {
    this.#loading = new Map();
  }

  /** A page of the list that is being read. */
  addLoaded(items: readonly PresenceOut[]): void {
    if (this.#loading === null) return;
    for (const presence of items) keep(this.#loading, presence.person.id, { event: presence.event, presence });
  }

  /** Shows what has been read. */
  finishLoad(): void {
    if (this.#loading === null) return;
    this.#known = this.#loading;
    this.#loading = null;
    this.#order = null;
    this.#people = null;
  }

  apply({ id, kind, presence }: ChangeOut): void {
    const known = { event: id, presence: kind === 'removed' ? null : presence };
    const before = this.#known.get(presence.person.id)?.presence?.person;
    if (keep(this.#known, presence.person.id, known)) {
      this.#people = null;
      const staysPut = known.presence !== null && before !== undefined && nameOf(before) === nameOf(presence.person);
      if (!staysPut) this.#order = null;
    }
    if (this.#loading !== null) keep(this.#loading, presence.person.id, known);
  }

  #compare(a: PersonOut, b: PersonOut): number {
    return this.#collator.compare(nameOf(a), nameOf(b)) || (a.id < b.id ? -1 : 1);
  }
}

function keep(all: Map<string, Known>, id: string, known: Known): boolean {
  const before = all.get(id);
  if (before !== undefined && before.event >= known.event) return false;
  all.set(id, known);
  return true;
}

/** Without capitals and accents, so that "jose" finds "José". */
const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Those whose name or address has every word of `query`. */
export function search(people: readonly PresenceOut[], query: string): readonly PresenceOut[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return people;
  return people.filter(({ person }) => {
    const text = plain(`${person.name} ${person.email}`);
    return words.every((word) => text.includes(word));
  });
}

export function countStates(people: readonly PresenceOut[]): Readonly<Record<PresenceState, number>> {
  const counts = { available: 0, busy: 0, dnd: 0, away: 0, offline: 0 };
  for (const { state } of people) counts[state] += 1;
  return counts;
}
