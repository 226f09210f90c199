import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import type { Roster } from '../roster.ts';
import type { Sessions } from '../sessions.ts';
import type { HubSettings } from '../settings.ts';
import type { TokenInfo, Tokens } from '../tokens.ts';
import { checkScopes } from './actor.ts';
import { checkSameOrigin } from './sameOrigin.ts';
import { sessionCookie, sessionOf } from './sessionCookie.ts';

export interface SessionDeps {
  readonly settings: HubSettings;
  readonly roster: Roster;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
}

const tokenBody = z.strictObject({ token: z.string().trim().min(1).max(200) });

const UNKNOWN = 'This token is not known here. It was revoked, has run out, or was not copied whole.';

/**
 * Signing in at the page: a token becomes a cookie that no script can read. `GET /session` answers 200 whoever asks, so that a
 * page that is opened signed out is no failure.
 */
export function sessionRoutes({ settings, roster, tokens, sessions }: SessionDeps): (app: FastifyInstance) => void {
  const described = (info: TokenInfo) => {
    const { personId } = info;
    const person = personId === null ? undefined : roster.get(personId)?.person;
    return {
      signedIn: true,
      name: info.name,
      person: person === undefined ? null : { id: person.id, email: person.email, name: person.name },
    } as const;
  };
  return (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.get('/session', async (request) => (request.actor === null ? { signedIn: false } : described(request.actor)));

    app.post('/session', { schema: { body: tokenBody } }, async (request, reply) => {
      checkSameOrigin(request, settings.HUB_BASE_URL);
      const info = await tokens.verify(request.body.token);
      if (info === null) {
        await app.countFailure(request);
        throw new AppError('unauthorized', UNKNOWN);
      }
      checkScopes(info, ['read']);
      const before = sessionOf(request);
      if (before !== undefined) await sessions.close(before);
      const { session, maxAge } = await sessions.open(info);
      const { name, options } = sessionCookie(request, settings);
      return reply.setCookie(name, session, { ...options, maxAge }).send(described(info));
    });

    app.delete('/session', async (request, reply) => {
      checkSameOrigin(request, settings.HUB_BASE_URL);
      const session = sessionOf(request);
      if (session !== undefined) await sessions.close(session);
      const { name, options } = sessionCookie(request, settings);
      return reply.clearCookie(name, options).status(204).send(null);
    });
  };
}
