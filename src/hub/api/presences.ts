import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { DAY, type Instant } from '../../core/time.ts';
import { checkScopes } from '../http/actor.ts';
import { type HubEvent, type PersonRecord, shownOf } from '../model.ts';
import type { ApiDeps } from './deps.ts';
import { etagOf, findPerson, versionOf } from './people.ts';
import * as schemas from './schemas.ts';

const tags = ['presences'];
const { personParams: params, presenceSchema, errorSchema } = schemas;
const failures = { 400: errorSchema, 401: errorSchema, 403: errorSchema, 404: errorSchema, 429: errorSchema };

const isFresh = (request: FastifyRequest, etag: string): boolean =>
  (request.headers['if-none-match'] ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);

/** Sends a presence with its version. */
const send = (reply: FastifyReply, record: PersonRecord) =>
  reply.header('etag', `"${record.event}"`).send(schemas.presenceOut(record));

/** What people show: reading, saying, being still there, leaving. */
export function presenceRoutes(deps: ApiDeps): (app: FastifyInstance) => void {
  const { roster, presences, store, clock } = deps;
  const mine = (request: FastifyRequest, named: string): PersonRecord => {
    const actor = checkScopes(request.actor, ['publish']);
    return findPerson(roster, actor, named, 'admin');
  };
  return (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/presences',
      {
        config: { scopes: ['read'] },
        schema: {
          tags,
          summary: 'What everybody shows',
          querystring: schemas.presencesQuery,
          response: { 200: schemas.presencePage, 304: z.null(), ...failures },
        },
      },
      async (request, reply) => {
        const { email, state, ...rest } = request.query;
        const { items, next } = roster.page({
          ...rest,
          ...(email === undefined ? {} : { email }),
          ...(state === undefined ? {} : { state }),
        });
        const etag = etagOf(items, next);
        reply.header('etag', etag);
        if (isFresh(request, etag)) return reply.status(304).send(null);
        return { items: items.map(schemas.presenceOut), next };
      },
    );

    app.get(
      '/presences/:person',
      {
        config: { scopes: ['read', 'publish'] },
        schema: {
          tags,
          summary: 'What one person shows',
          params,
          response: { 200: presenceSchema, 304: z.null(), ...failures },
        },
      },
      async (request, reply) => {
        const actor = checkScopes(request.actor, ['read', 'publish']);
        const record = findPerson(roster, actor, request.params.person, 'read');
        if (isFresh(request, `"${record.event}"`)) return reply.status(304).send(null);
        return send(reply, record);
      },
    );

    app.put(
      '/presences/:person',
      {
        config: { scopes: ['publish'] },
        schema: {
          tags,
          summary: 'Say what a person shows. With If-Match only over the version that was read',
          params,
          body: schemas.newPresenceSchema,
          response: { 200: presenceSchema, 412: errorSchema, ...failures },
        },
      },
      async (request, reply) => {
        const { person } = mine(request, request.params.person);
        const { source, day, until, ...said } = request.body;
        const ifEvent = versionOf(request.headers['if-match']);
        const options = {
          source,
          ...(day === undefined ? {} : { day: day.map(spanOf) }),
          ...(ifEvent === undefined ? {} : { ifEvent }),
        };
        const presence = { ...said, until: until === null ? null : Date.parse(until) };
        try {
          return send(reply, await presences.say(person.id, presence, options));
        } catch (thrown) {
          if (!(thrown instanceof AppError) || thrown.code !== 'conflict') throw thrown;
          throw new AppError('conflict', 'It has changed since it was read. Read it again before you write.', {
            reason: 'preconditionFailed',
          });
        }
      },
    );

    app.post(
      '/presences/:person/report',
      {
        config: { scopes: ['publish'] },
        schema: {
          tags,
          summary: 'Say that a person is still there',
          params,
          body: schemas.reportSchema,
          response: { 200: presenceSchema, ...failures },
        },
      },
      async (request, reply) => {
        const { person } = mine(request, request.params.person);
        return send(reply, await presences.stillThere(person.id, request.body?.source ?? schemas.UNTOLD_SOURCE));
      },
    );

    app.delete(
      '/presences/:person',
      {
        config: { scopes: ['publish'] },
        schema: {
          tags,
          summary: 'Nobody reports for the person any more: offline at once',
          params,
          response: { 204: z.null(), ...failures },
        },
      },
      async (request, reply) => {
        await presences.signOff(mine(request, request.params.person).person.id);
        return reply.status(204).send(null);
      },
    );

    app.get(
      '/presences/:person/day',
      {
        config: { scopes: ['read', 'publish'] },
        schema: {
          tags,
          summary: 'What a person has shown since, and what is planned',
          params,
          querystring: schemas.dayQuery,
          response: { 200: schemas.daySchema, ...failures },
        },
      },
      async (request) => {
        const actor = checkScopes(request.actor, ['read', 'publish']);
        const record = findPerson(roster, actor, request.params.person, 'read');
        const since = Date.parse(request.query.since);
        // What was shown at `since` was said before it.
        const history = await store.history(record.person.id, since - DAY);
        return { items: dayOf(history, record, since, clock.now()) };
      },
    );
  };
}

const spanOf = ({ start, end, state }: { start: string; end: string; state: PersonRecord['said']['state'] }) => ({
  start: Date.parse(start),
  end: Date.parse(end),
  state,
});

type DayItem = z.infer<typeof schemas.daySchema>['items'][number];

/** The past as it was shown, from its changes, then what is planned after now. */
export function dayOf(history: readonly HubEvent[], record: PersonRecord, since: Instant, now: Instant): DayItem[] {
  const iso = (at: Instant) => new Date(at).toISOString();
  const items: DayItem[] = [];
  for (const { at, record: was } of history) {
    const { state } = shownOf(was);
    const start = Math.max(at, since);
    const last = items.at(-1);
    if (last?.state === state) continue;
    if (last !== undefined) last.end = iso(start);
    if (last?.start === last?.end && last !== undefined) items.pop();
    items.push({ start: iso(start), end: null, state, kind: 'was' });
  }
  const planned = record.reporting ? record.day.filter(({ end }) => end > now) : [];
  return [
    ...items,
    ...planned.map(({ start, end, state }) => ({
      start: iso(Math.max(start, now)),
      end: iso(end),
      state,
      kind: 'will' as const,
    })),
  ];
}
