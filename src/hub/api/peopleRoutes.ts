import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { checkScopes } from '../http/actor.ts';
import { newId } from '../ids.ts';
import type { ApiDeps } from './deps.ts';
import { etagOf, findPerson } from './people.ts';
import * as schemas from './schemas.ts';

const tags = ['people'];
const { errorSchema, personParams: params, personSchema } = schemas;
const failures = { 400: errorSchema, 401: errorSchema, 403: errorSchema, 404: errorSchema, 429: errorSchema };

/** Who there is, and who they are elsewhere. */
export function peopleRoutes({ roster, presences, clock, settings }: ApiDeps): (app: FastifyInstance) => void {
  return (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/me',
      {
        config: { scopes: ['publish', 'read'] },
        schema: { tags, summary: 'Whose token this is', response: { 200: schemas.meSchema, ...failures } },
      },
      async (request) => {
        const { id, name, scopes, personId } = checkScopes(request.actor, ['publish', 'read']);
        const record = personId === null ? undefined : roster.get(personId);
        return {
          token: { id, name, scopes: [...scopes] },
          person: record === undefined ? null : schemas.personOut(record),
          reportTimeout: settings.HUB_REPORT_TIMEOUT,
        };
      },
    );

    app.get(
      '/people',
      {
        config: { scopes: ['read'] },
        schema: {
          tags,
          summary: 'Everybody',
          querystring: schemas.listQuery,
          response: { 200: schemas.peoplePage, ...failures },
        },
      },
      async (request, reply) => {
        const { email, ...rest } = request.query;
        const { items, next } = roster.page({ ...rest, ...(email === undefined ? {} : { email }) });
        reply.header('etag', etagOf(items, next));
        return { items: items.map(schemas.personOut), next };
      },
    );

    app.post(
      '/people',
      {
        config: { scopes: ['admin'] },
        schema: {
          tags,
          summary: 'Add a person',
          body: schemas.newPersonSchema,
          response: { 201: personSchema, 409: errorSchema, ...failures },
        },
      },
      async (request, reply) => {
        const { id = newId(clock.now()), ...rest } = request.body;
        if (roster.get(id) !== undefined) throw new AppError('conflict', 'Somebody has this id already.');
        return reply.status(201).send(schemas.personOut(await presences.putPerson({ id, ...rest })));
      },
    );

    app.get(
      '/people/:person',
      {
        config: { scopes: ['read', 'publish'] },
        schema: { tags, summary: 'One person', params, response: { 200: personSchema, ...failures } },
      },
      async (request) => {
        const actor = checkScopes(request.actor, ['read', 'publish']);
        return schemas.personOut(findPerson(roster, actor, request.params.person, 'read'));
      },
    );

    app.patch(
      '/people/:person',
      {
        config: { scopes: ['admin'] },
        schema: {
          tags,
          summary: 'Change a person',
          params,
          body: schemas.personChangeSchema,
          response: { 200: personSchema, 409: errorSchema, ...failures },
        },
      },
      async (request) => {
        const { person } = findPerson(roster, checkScopes(request.actor, ['admin']), request.params.person, 'admin');
        const { email = person.email, name = person.name, identities = person.identities } = request.body;
        return schemas.personOut(await presences.putPerson({ id: person.id, email, name, identities }));
      },
    );

    app.delete(
      '/people/:person',
      {
        config: { scopes: ['admin'] },
        schema: { tags, summary: 'Forget a person', params, response: { 204: z.null(), ...failures } },
      },
      async (request, reply) => {
        const { person } = findPerson(roster, checkScopes(request.actor, ['admin']), request.params.person, 'admin');
        await presences.removePerson(person.id);
        return reply.status(204).send(null);
      },
    );
  };
}
