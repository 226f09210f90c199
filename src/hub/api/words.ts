import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { type Instant, MINUTE } from '../../core/time.ts';
import { checkScopes } from '../http/actor.ts';
import type { PersonRecord } from '../model.ts';
import { createWords, LONGEST_WORD } from '../words.ts';
import type { ApiDeps } from './deps.ts';
import { findPerson } from './people.ts';
import * as schemas from './schemas.ts';

const tags = ['words'];
const { personParams: params, errorSchema } = schemas;
const failures = { 400: errorSchema, 401: errorSchema, 403: errorSchema, 404: errorSchema, 429: errorSchema };

type NewWord = z.infer<typeof schemas.newWordSchema>;

/** What a person says for their own app to obey: busy, available, pause, resume. */
export function wordRoutes(deps: ApiDeps): (app: FastifyInstance) => void {
  const { roster, clock } = deps;
  const words = createWords(deps);
  const mine = (request: FastifyRequest, named: string): PersonRecord =>
    findPerson(roster, checkScopes(request.actor, ['publish']), named, 'admin');
  return (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/people/:person/word',
      {
        config: { scopes: ['publish'] },
        schema: {
          tags,
          summary: 'Say that a person is busy, available, pauses or resumes: their own app obeys, in every chat',
          params,
          body: schemas.newWordSchema,
          response: { 200: schemas.presenceSchema, ...failures },
        },
      },
      async (request) => {
        const { id } = mine(request, request.params.person).person;
        return schemas.presenceOut(await say(id, request.body));
      },
    );

    app.get(
      '/people/:person/words',
      {
        config: { scopes: ['publish'] },
        schema: {
          tags,
          summary: 'The words that still count, oldest first, for an app that was off',
          params,
          response: { 200: schemas.wordsSchema, ...failures },
        },
      },
      async (request) => {
        const said = await words.said(mine(request, request.params.person).person.id);
        return { items: said.map(schemas.wordOut) };
      },
    );
  };

  function say(id: string, word: NewWord): Promise<PersonRecord> {
    if (word.kind === 'busy') return words.busy(id, endOf(word, clock.now()), word.text);
    if (word.kind === 'pause') return words.pause(id, endOf(word, clock.now()));
    return word.kind === 'available' ? words.available(id) : words.resume(id);
  }
}

function endOf({ minutes, until }: Extract<NewWord, { kind: 'busy' | 'pause' }>, now: Instant): Instant {
  if ((minutes === undefined) === (until === undefined)) {
    throw new AppError('invalidInput', 'Say how long: send minutes (1 to 1440), or until, and not both.');
  }
  const end = until === undefined ? now + (minutes ?? 0) * MINUTE : Date.parse(until);
  if (end > now && end - now <= LONGEST_WORD) return end;
  throw new AppError('invalidInput', 'until must lie ahead, by a day at most.');
}
