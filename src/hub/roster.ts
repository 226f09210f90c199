import type { PresenceState } from '../core/presence.ts';
import { type HubEvent, type PersonRecord, shownOf } from './model.ts';

/** What of a list is wanted. */
export interface RosterFilter {
  /** Ids after this one; empty for all. */
  readonly after: string;
  readonly limit: number;
  /** In lower case. */
  readonly email?: string;
  readonly state?: PresenceState;
}

/** Where in the order of ids something changed: one place (`moved` false), or all from there on. */
export type RosterListener = (index: number, moved: boolean) => void;

const identityKey = (service: string, id: string) => `${service}\n${id}`;

/** Everybody, in memory, in the order of their ids: what reading is answered from. Events bring it up to date. */
export class Roster {
  readonly #records = new Map<string, PersonRecord>();
  readonly #byEmail = new Map<string, string>();
  readonly #byIdentity = new Map<string, string>();
  readonly #listeners = new Set<RosterListener>();
  #ids: string[] = [];

  get size(): number {
    return this.#ids.length;
  }

  get(id: string): PersonRecord | undefined {
    return this.#records.get(id);
  }

  byEmail(email: string): PersonRecord | undefined {
    return this.#records.get(this.#byEmail.get(email) ?? '');
  }

  byIdentity(service: string, id: string): PersonRecord | undefined {
    return this.#records.get(this.#byIdentity.get(identityKey(service, id)) ?? '');
  }

  /** Calls after each change; the returned function ends it. */
  onChange(listener: RosterListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes over everything anew. Records come in the order of the ids. */
  load(records: Iterable<PersonRecord>): void {
    this.#records.clear();
    this.#byEmail.clear();
    this.#byIdentity.clear();
    this.#ids = [];
    for (const record of records) {
      this.#ids.push(record.person.id);
      this.#keep(record);
    }
    this.#tell(0, true);
  }

  /** Takes over what an event says, unless something newer is known. @returns whether anything changed */
  apply({ kind, record }: Pick<HubEvent, 'kind' | 'record'>): boolean {
    const { id } = record.person;
    const before = this.#records.get(id);
    if (before !== undefined && before.event >= record.event) return false;
    if (kind === 'removed') {
      if (before === undefined) return false;
      this.#forget(before);
      const index = this.#indexOf(id);
      this.#ids.splice(index, 1);
      this.#tell(index, true);
      return true;
    }
    if (before !== undefined) this.#forget(before);
    this.#keep(record);
    const index = this.#indexOf(id);
    if (before === undefined) this.#ids.splice(index, 0, id);
    this.#tell(index, before === undefined);
    return true;
  }

  /** A page by place: what the Outlook API pages by. */
  slice(from: number, limit: number): readonly PersonRecord[] {
    return this.#ids.slice(from, from + limit).flatMap((id) => this.#records.get(id) ?? []);
  }

  /** A page by cursor. `next` is null when there is no more. */
  page({ after, limit, email, state }: RosterFilter): { items: readonly PersonRecord[]; next: string | null } {
    if (email !== undefined) {
      const found = this.byEmail(email);
      const fits = found !== undefined && found.person.id > after && matches(found, state);
      return { items: fits ? [found] : [], next: null };
    }
    const items: PersonRecord[] = [];
    let index = after === '' ? 0 : this.#indexAfter(after);
    for (; index < this.#ids.length && items.length < limit; index += 1) {
      const record = this.#records.get(this.#ids[index] ?? '');
      if (record !== undefined && matches(record, state)) items.push(record);
    }
    const last = items.at(-1);
    return { items, next: index < this.#ids.length && last !== undefined ? last.person.id : null };
  }

  /** How many show what. */
  counts(): Readonly<Record<PresenceState, number>> {
    const counts = { available: 0, busy: 0, dnd: 0, away: 0, offline: 0 };
    for (const record of this.#records.values()) counts[shownOf(record).state] += 1;
    return counts;
  }

  #keep(record: PersonRecord): void {
    const { id, email, identities } = record.person;
    this.#records.set(id, record);
    this.#byEmail.set(email, id);
    for (const identity of identities) this.#byIdentity.set(identityKey(identity.service, identity.id), id);
  }

  #forget({ person: { id, email, identities } }: PersonRecord): void {
    this.#records.delete(id);
    if (this.#byEmail.get(email) === id) this.#byEmail.delete(email);
    for (const identity of identities) {
      const key = identityKey(identity.service, identity.id);
      if (this.#byIdentity.get(key) === id) this.#byIdentity.delete(key);
    }
  }

  /** Where `id` is, or would be. */
  #indexOf(id: string): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? '') < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #indexAfter(id: string): number {
    const index = this.#indexOf(id);
    return this.#ids[index] === id ? index + 1 : index;
  }

  #tell(index: number, moved: boolean): void {
    for (const listener of this.#listeners) listener(index, moved);
  }
}

const matches = (record: PersonRecord, state: PresenceState | undefined): boolean =>
  state === undefined || shownOf(record).state === state;
