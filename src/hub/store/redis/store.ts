import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../ports/clock.ts';
import type { HubEvent, PersonRecord } from '../../model.ts';
import { refusal } from '../changes.ts';
import { FeedGone, type HubStore } from '../port.ts';
import { redisAddress } from './address.ts';
import {
  dayText,
  emailText,
  identityText,
  pairs,
  parseEvent,
  parseRecord,
  personLines,
  presenceText,
  untilText,
} from './codec.ts';
import { type Argument, connectionOptions, RedisConnection, type Script } from './connection.ts';
import { redisDocuments } from './documents.ts';
import { BLOCK, Follower, reachesBack } from './feed.ts';
import { END_DUE, PUT_PERSON, REMOVE_PERSON, REPORT, SIGN_OFF } from './peopleScripts.ts';
import { CHECK, EVENTS, HEAD, HISTORY, LEASE, RECORD, RECORDS, TRIM } from './readScripts.ts';

export interface RedisStoreOptions {
  /** See `redisAddress`. */
  readonly url: string;
  /** What the keys begin with, in braces. */
  readonly prefix: string;
  /** How many events the feed keeps at least. */
  readonly feedLength: number;
  readonly clock: Clock;
  /** Of Redis' certificate authority (PEM), where the system does not know it. */
  readonly ca?: string;
  /** Unlike that of any other store on the same Redis. */
  readonly id?: string;
}

const TRIM_STEP = 1_000;

/**
 * The store on Redis (6 or later), for several hubs that serve one team. It connects by itself, and again when the connection was lost.
 * Throws `AppError('invalidInput')` when the address is not one.
 */
export function createRedisStore({
  url,
  prefix,
  feedLength,
  clock,
  ca,
  id = randomUUID(),
}: RedisStoreOptions): HubStore {
  const base = `{${prefix}}`;
  const options = connectionOptions(redisAddress(url, ca), clock);
  const connection = new RedisConnection(options, base, clock);
  const followers = new Set<Follower>();
  let requests = 0;
  const request = () => `${id}:${++requests}`;

  /** Runs a script that changes people. */
  const change = async (script: Script, now: number, ...args: Argument[]): Promise<[string, ...string[]]> =>
    (await connection.run(script, request(), now, feedLength, ...args)) as [string, ...string[]];
  const lastEvent = (answer: readonly string[]): HubEvent | null => {
    const [, ...texts] = answer;
    const text = texts.at(-1);
    return text === undefined ? null : parseEvent(text);
  };
  const recordBy = async (index: string, field: string): Promise<PersonRecord | null> => {
    const found = (await connection.run(RECORD, index, field)) as [string, string] | null;
    return found === null ? null : parseRecord(...found);
  };

  return {
    async putPerson(person, now) {
      const answer = await change(PUT_PERSON, now, person.id, ...personLines(person));
      if (answer[0] === 'conflict') throw refusal.emailTaken();
      return lastEvent(answer);
    },
    removePerson: async (person, now) => lastEvent(await change(REMOVE_PERSON, now, person)),
    record: (person) => recordBy('', person),
    recordByEmail: (email) => recordBy('emails', emailText(email)),
    recordByIdentity: (service, theirs) => recordBy('identities', identityText(service, theirs)),
    async records(after, limit) {
      const answer = (await connection.run(RECORDS, after, limit)) as string[];
      return pairs(answer).map(([person, text]) => parseRecord(person, text));
    },
    async report(person, { presence, source, day, reportedUntil, ifEvent }, now) {
      const said = presence === undefined ? ['0', '', ''] : ['1', presenceText(presence), untilText(presence)];
      const told = day === undefined ? ['0', ''] : ['1', dayText(day)];
      const answer = await change(
        REPORT,
        now,
        person,
        ifEvent ?? '',
        reportedUntil,
        ...said,
        JSON.stringify(source),
        ...told,
      );
      const [outcome, text = ''] = answer;
      if (outcome === 'missing') throw refusal.noPerson();
      if (outcome === 'conflict') throw refusal.changed();
      if (outcome === 'same') return { record: parseRecord(person, text), event: null };
      const event = parseEvent(text);
      return { record: event.record, event };
    },
    async signOff(person, now) {
      const answer = await change(SIGN_OFF, now, person);
      if (answer[0] === 'missing') throw refusal.noPerson();
      return lastEvent(answer);
    },
    async endDue(now, limit) {
      const [, ...texts] = await change(END_DUE, now, limit);
      return texts.map(parseEvent);
    },

    head: async () => Number(await connection.run(HEAD)),
    async events(after, limit) {
      const [head, ...entries] = (await connection.run(EVENTS, after, limit)) as [string, ...string[]];
      if (!reachesBack(after, Number(head), entries[0] ?? ''))
        throw new FeedGone('Events after this one are not kept.');
      return pairs(entries).map(([, text]) => parseEvent(text));
    },
    async history(person, since) {
      const texts = (await connection.run(HISTORY, person)) as string[];
      return texts.map(parseEvent).filter(({ at }) => at >= since);
    },
    async trim(before) {
      while ((await connection.run(TRIM, before, TRIM_STEP)) === TRIM_STEP);
    },
    follow(after, onEvents, onGone) {
      const own = new RedisConnection({ ...options, socketTimeout: BLOCK + (options.socketTimeout ?? 0) }, base, clock);
      const follower = new Follower(own, `${base}:feed`, after, onEvents, onGone);
      followers.add(follower);
      void follower.run().finally(() => followers.delete(follower));
      return () => follower.stop();
    },

    documents: redisDocuments(connection, request),
    lease: async (name, owner, until, now) => (await connection.run(LEASE, name, owner, until, now)) === 1,
    async check() {
      await connection.run(CHECK);
    },
    async close() {
      for (const follower of followers) follower.stop();
      connection.close();
    },
  };
}
