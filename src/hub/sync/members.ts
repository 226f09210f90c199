import { z } from 'zod';
import { asAppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Person, PersonRecord } from '../model.ts';
import type { Document, HubStore } from '../store/port.ts';
import { CALENDAR } from './decide.ts';
import type { Listed } from './directory.ts';
import { MEMBERS, type SyncPerson, VIEWS } from './model.ts';

/** The service that people's directory ids are kept under, in their identities. */
const SERVICE = 'microsoft365';
const PAGE = 500;
/** How many people are brought into the store at once. */
const AT_ONCE = 50;

/** What is kept of somebody's membership. */
const member = z.object({
  mailbox: z.string(),
  address: z.string(),
  name: z.string(),
  /** They came into the hub by organisation sync, and leave it with it. */
  isAdded: z.boolean(),
});
type Member = Readonly<z.infer<typeof member>>;

export interface MembersDeps {
  readonly store: HubStore;
  /** A new person's id. */
  readonly newId: () => string;
  readonly log: Logger;
}

/** All documents of a collection, by key. */
export async function everyDocument(store: HubStore, collection: string, now: Instant): Promise<readonly Document[]> {
  const found: Document[] = [];
  for (let after = ''; ; ) {
    const page = await store.documents.list(collection, { after, limit: PAGE }, now);
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return found;
    after = last.key;
  }
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE)
    await Promise.all(items.slice(from, from + AT_ONCE).map(work));
}

/** Makes the hub's people of those whom the organisation lists. */
export class Members {
  readonly #deps: MembersDeps;
  #known = new Map<string, Member>();

  constructor(deps: MembersDeps) {
    this.#deps = deps;
  }

  /** Those of the last time, as the store has them. */
  async load(now: Instant): Promise<readonly SyncPerson[]> {
    this.#known = new Map();
    for (const { key, value } of await everyDocument(this.#deps.store, MEMBERS, now)) {
      const parsed = member.safeParse(value);
      if (parsed.success) this.#known.set(key, parsed.data);
    }
    return this.people;
  }

  get people(): readonly SyncPerson[] {
    return [...this.#known].map(([id, { mailbox, address }]) => ({ id, mailbox, address }));
  }

  /**
   * How many of those known are not listed any more. A list that suddenly lacks most of them is rather wrong than true; whoever asks
   * decides what to do about it.
   */
  missingFrom(listed: readonly Listed[]): number {
    const mailboxes = new Set(listed.map(({ mailbox }) => mailbox));
    return [...this.#known.values()].filter(({ mailbox }) => !mailboxes.has(mailbox)).length;
  }

  /** Brings in who is new, changes who has changed, and lets go who is not listed any more. */
  async update(listed: readonly Listed[], now: Instant): Promise<readonly SyncPerson[]> {
    const byMailbox = new Map([...this.#known].map(([id, { mailbox }]) => [mailbox, id]));
    const mailboxes = new Set(listed.map(({ mailbox }) => mailbox));
    await inTurns(listed, async (entry) => {
      try {
        await this.#join(entry, byMailbox.get(entry.mailbox) ?? null, now);
      } catch (thrown) {
        const error = asAppError(thrown);
        // Two entries with one address, or a person changed at the same moment: their own trouble, looked at again next time.
        if (error.code !== 'conflict' && error.code !== 'notFound') throw error;
        this.#deps.log.warn('a person of the organisation could not be taken in', { code: error.code });
      }
    });
    const leaving = [...this.#known].filter(([, { mailbox }]) => !mailboxes.has(mailbox));
    await inTurns(leaving, ([id, known]) => this.#leave(id, known, now));
    return this.people;
  }

  async #join(entry: Listed, knownAs: string | null, now: Instant): Promise<void> {
    const { store, newId } = this.#deps;
    const { mailbox, address, name } = entry;
    const before = knownAs === null ? undefined : this.#known.get(knownAs);
    if (before?.address === address && before.name === name) return;
    const known = knownAs === null ? null : await store.record(knownAs);
    const record = known ?? (await store.recordByIdentity(SERVICE, mailbox)) ?? (await store.recordByEmail(address));
    const id = record?.person.id ?? newId();
    const person = joined(record, id, entry);
    await store.putPerson(person, now);
    const isAdded = this.#known.get(id)?.isAdded ?? record === null;
    const value: Member = { mailbox, address, name, isAdded };
    await store.documents.put(MEMBERS, id, value, now);
    this.#known.set(id, value);
    if (knownAs !== null && knownAs !== id) await this.#forget(knownAs);
  }

  /** The hub does not know them any more. Whoever is still listed comes in anew the next time. */
  async lost(id: string): Promise<void> {
    await this.#forget(id);
  }

  /** Takes back what was said of somebody who is no member any more. Members are left alone. */
  async letGo(id: string, now: Instant): Promise<void> {
    if (this.#known.has(id)) return;
    await this.#forget(id);
    const record = await this.#deps.store.record(id);
    if (record?.said.source === CALENDAR) await this.#deps.store.signOff(id, now);
  }

  async #leave(id: string, { mailbox, isAdded }: Member, now: Instant): Promise<void> {
    const { store } = this.#deps;
    const record = await store.record(id);
    this.#known.delete(id);
    if (record !== null && isAdded) await store.removePerson(id, now);
    if (record !== null && !isAdded) {
      const identities = record.person.identities.filter((own) => own.service !== SERVICE || own.id !== mailbox);
      await store.putPerson({ ...record.person, identities }, now);
    }
    await this.letGo(id, now);
  }

  async #forget(id: string): Promise<void> {
    this.#known.delete(id);
    await Promise.all([VIEWS, MEMBERS].map((collection) => this.#deps.store.documents.delete(collection, id)));
  }
}

/** The person with what the organisation says of them. An address of their own that is known already stays. */
function joined(record: PersonRecord | null, id: string, { mailbox, address, name }: Listed): Person {
  const identity = { service: SERVICE, id: mailbox };
  if (record === null) return { id, email: address, name, identities: [identity] };
  const { person } = record;
  const others = person.identities.filter(({ service }) => service !== SERVICE);
  return { ...person, name: name === '' ? person.name : name, identities: [...others, identity] };
}
