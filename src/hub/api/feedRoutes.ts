import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import { checkScopes } from '../http/actor.ts';
import type { Scope } from '../model.ts';
import { CLOSE } from '../sockets.ts';
import type { ApiDeps } from './deps.ts';
import { findPerson } from './people.ts';
import { attach, type Line, type Notice, streamOf } from './reader.ts';
import * as schemas from './schemas.ts';
import { TokenWatch } from './tokenWatch.ts';

const tags = ['feed'];
const { errorSchema, eventsQuery: querystring } = schemas;
const failures = { 400: errorSchema, 401: errorSchema, 403: errorSchema, 429: errorSchema, 503: errorSchema };

/** Whose tokens may follow anything at all. */
const FOLLOW: readonly Scope[] = ['read', 'publish'];

/** This often proxies see that the stream lives, and readers too: `EventSource` keeps comments to itself. */
const STREAM_BEAT = 15 * SECOND;
/** A stream that took nothing for so many of them is cut. */
const STALLED_BEATS = 4;
/** How soon a browser's EventSource comes back. */
const RETRY = 2 * SECOND;

/** The changes as they come: server-sent events and a WebSocket, both resumed after the last event that was seen. */
export function feedRoutes(deps: ApiDeps): (app: FastifyInstance) => void {
  const { feed, pool, clock, logger, settings, streams } = deps;
  /** Whose changes are wanted: everybody's needs `read`, one's own do not. */
  const wanted = (request: FastifyRequest, person: string | undefined): string | undefined => {
    if (person === undefined) return void checkScopes(request.actor, ['read']);
    const actor = checkScopes(request.actor, FOLLOW);
    return findPerson(deps.roster, actor, person, 'read').person.id;
  };
  const preHandler = async (request: FastifyRequest): Promise<void> => {
    deps.checkRoom();
    wanted(request, querystring.parse(request.query).person);
  };
  return (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tokens = new TokenWatch(deps.tokens, clock);
    const readers = { feed, tokens, logger };

    app.get(
      '/events',
      {
        config: { scopes: FOLLOW },
        preHandler,
        schema: {
          tags,
          summary:
            'Changes as server-sent events: ready, change, reset (read all anew), beat (still here), bye (come back). The same over a WebSocket at /socket',
          querystring,
          headers: z.object({ 'last-event-id': z.string().optional() }),
          response: { 200: z.string().describe('text/event-stream'), ...failures },
        },
      },
      (request, reply) => {
        // Gone while its token was looked up: it would never say so again.
        if (reply.raw.destroyed) return void reply.hijack();
        const seen = Number(request.headers['last-event-id'] ?? Number.NaN);
        const after = Number.isSafeInteger(seen) && seen >= 0 ? seen : request.query.after;
        const only = wanted(request, request.query.person);
        const line = openStream(reply, clock, settings.HUB_SOCKET_QUEUE);
        streams.add(line);
        line.onClose(() => streams.delete(line));
        void attach(readers, { ...line, tokenId: request.actor?.id ?? '', after, only });
      },
    );

    app.get(
      '/socket',
      {
        config: { scopes: FOLLOW },
        preHandler,
        websocket: true,
        schema: { tags, summary: 'Changes over a WebSocket, each a JSON text', querystring },
      },
      (socket, request) => {
        pool.add(socket);
        void attach(readers, {
          tokenId: request.actor?.id ?? '',
          after: request.query.after,
          only: wanted(request, request.query.person),
          notice: (notice) => pool.send(socket, Buffer.from(JSON.stringify(notice))),
          change: ({ frame }) => pool.send(socket, frame),
          onClose: (call) => socket.once('close', call),
          isFull: () => pool.isFull(socket),
          flushed: () => pool.flushed(socket),
          end: (why) =>
            why === 'revoked' ? socket.close(CLOSE.revoked, 'The token was revoked.') : socket.close(CLOSE.tryLater),
        });
      },
    );

    app.addHook('preClose', async () => {
      tokens.stop();
      for (const line of streams) line.end('bye');
    });
  };
}

/** An open stream of server-sent events. */
export interface Stream extends Omit<Line, 'tokenId' | 'after' | 'only' | 'end'> {
  end(why: 'revoked' | 'failed' | 'bye'): void;
}

/** Makes the answer a stream; one whose reader is too slow is cut. */
function openStream(reply: FastifyReply, clock: Clock, queueLimit: number): Stream {
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would hold it back.
    'x-accel-buffering': 'no',
  });
  const write = (text: string): void => {
    if (raw.writableLength > queueLimit) raw.destroy();
    else if (!raw.writableEnded) raw.write(text);
  };
  const notice = ({ kind, id }: Notice): void => write(streamOf(kind, id, { id }));
  write(`retry: ${RETRY}\n\n`);
  let stalled = 0;
  raw.on('drain', () => {
    stalled = 0;
  });
  let beat = clock.after(STREAM_BEAT, function again() {
    stalled = raw.writableNeedDrain ? stalled + 1 : 0;
    if (stalled >= STALLED_BEATS) return void raw.destroy();
    write('event: beat\ndata: {}\n\n');
    beat = clock.after(STREAM_BEAT, again);
  });
  raw.once('close', () => beat.stop());
  raw.on('error', () => raw.destroy());
  return {
    notice,
    change: ({ stream }) => write(stream),
    onClose: (call) => raw.once('close', call),
    isFull: () => raw.writableLength > queueLimit / 2,
    flushed: () =>
      new Promise((resolve) => {
        if (raw.destroyed || raw.writableEnded) return resolve();
        const done = (): void => {
          raw.off('close', done);
          resolve();
        };
        raw.once('close', done);
        // What is written goes out in order: when this comment has, so has everything before it.
        raw.write(':\n\n', done);
      }),
    end: (why) => {
      if (why === 'bye') write('event: bye\ndata: {}\n\n');
      raw.end();
    },
  };
}
