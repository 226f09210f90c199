import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/appError.ts';
import type { Scope } from '../model.ts';
import type { Sessions } from '../sessions.ts';
import type { TokenInfo, Tokens } from '../tokens.ts';
import { sessionOf } from './sessionCookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token came with the request; null for none. */
    actor: TokenInfo | null;
  }
  interface FastifyContextConfig {
    /** Any of these scopes lets a request in; absent: no token is asked. */
    readonly scopes?: readonly Scope[];
    /** Who asks is known only after the body was read: requests are counted then. */
    readonly isKnownLater?: boolean;
  }
}

/** Requests that a chat server has signed for an add-on, or sent with a command's token (Mattermost). Who serves them judges them. */
const SIGNED = /^(?:JWT|Token) +/i;
const BEARER = /^Bearer +([\w-]{1,200})$/i;

const UNAUTHORIZED =
  'This needs a token: send "Authorization: Bearer …". Whoever runs the hub makes one with "hipstatus hub token create".';

/** Who asks: by bearer token, or for reading by the page's session. Throws `unauthorized` for one that does not count. */
export async function actorOf(request: FastifyRequest, tokens: Tokens, sessions: Sessions): Promise<TokenInfo | null> {
  const header = request.headers.authorization;
  if (header !== undefined && SIGNED.test(header)) return null;
  if (header !== undefined) {
    const [, token] = BEARER.exec(header) ?? [];
    const info = token === undefined ? null : await tokens.verify(token);
    if (info === null) throw new AppError('unauthorized', UNAUTHORIZED);
    return info;
  }
  const session = sessionOf(request);
  // A session only reads: what another site makes a browser send can change nothing.
  if (session === undefined || request.method !== 'GET') return null;
  return sessions.actor(session);
}

/** Throws unless the request may. `admin` may everything. */
export function checkScopes(actor: TokenInfo | null, scopes: readonly Scope[]): TokenInfo {
  if (actor === null) throw new AppError('unauthorized', UNAUTHORIZED);
  if (actor.scopes.includes('admin') || scopes.some((scope) => actor.scopes.includes(scope))) return actor;
  throw new AppError('forbidden', `This token may not: it needs the scope ${scopes.join(' or ')}.`);
}
