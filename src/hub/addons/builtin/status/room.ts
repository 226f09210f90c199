import { type Instant, MINUTE, SECOND } from '../../../../core/time.ts';
import type { PersonRecord } from '../../../model.ts';
import type { Roster } from '../../../roster.ts';
import type { PageCall } from '../../calls.ts';

const ROOM_KEPT = 30 * SECOND;
const EMAIL_KEPT = 60 * MINUTE;
/** Questions about people at once: the chat server counts them. */
const MOST_QUESTIONS = 30;
const MOST_KEPT = 5_000;
/** Rows of a panel. */
const MOST_PEOPLE = 500;

interface Kept<T> {
  readonly value: T;
  readonly until: Instant;
}

/** Who of the hub is in a room of HipChat. What the chat server says is kept for a while. */
export class RoomPeople {
  readonly #roster: Roster;
  readonly #now: () => Instant;
  readonly #rooms = new Map<string, Kept<readonly number[]>>();
  readonly #emails = new Map<string, Kept<string | null>>();

  constructor(roster: Roster, now: () => Instant) {
    this.#roster = roster;
    this.#now = now;
  }

  /** Everybody, where there is no room or the chat server does not tell. In the order of their names. */
  async of(call: PageCall): Promise<readonly PersonRecord[]> {
    const ids = await this.#ids(call).catch(() => null);
    const found =
      ids === null ? this.#roster.slice(0, MOST_PEOPLE) : await this.#known(call, ids.slice(0, MOST_PEOPLE));
    return [...found].sort((a, b) => a.person.name.localeCompare(b.person.name));
  }

  async #ids({ tenant, room, client }: PageCall): Promise<readonly number[] | null> {
    if (room === null) return null;
    return this.#keep(this.#rooms, `${tenant.oauthId} ${room.id}`, ROOM_KEPT, async () =>
      (await client.inRoom(room.id).people()).map(({ id }) => id),
    );
  }

  async #known({ tenant, client }: PageCall, ids: readonly number[]): Promise<readonly PersonRecord[]> {
    const found = new Map<string, PersonRecord>();
    let questions = 0;
    for (const id of ids) {
      const key = `${tenant.oauthId} ${id}`;
      let record = this.#roster.byIdentity('hipchat', `${tenant.groupId}:${id}`);
      if (record === undefined && (this.#fresh(this.#emails, key) !== null || questions < MOST_QUESTIONS)) {
        if (this.#fresh(this.#emails, key) === null) questions += 1;
        const email = await this.#keep(this.#emails, key, EMAIL_KEPT, async () =>
          client
            .user(id)
            .get()
            .then(
              (user) => user.email ?? null,
              () => null,
            ),
        );
        record = email === null ? undefined : this.#roster.byEmail(email.toLowerCase());
      }
      if (record !== undefined) found.set(record.person.id, record);
    }
    return [...found.values()];
  }

  #fresh<T>(kept: Map<string, Kept<T>>, key: string): Kept<T> | null {
    const found = kept.get(key);
    return found !== undefined && found.until > this.#now() ? found : null;
  }

  async #keep<T>(kept: Map<string, Kept<T>>, key: string, time: number, ask: () => Promise<T>): Promise<T> {
    const found = this.#fresh(kept, key);
    if (found !== null) return found.value;
    const value = await ask();
    kept.delete(key);
    kept.set(key, { value, until: this.#now() + time });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return value;
  }
}
