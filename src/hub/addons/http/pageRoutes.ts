import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Instant } from '../../../core/time.ts';
import type { Route } from '../addon.ts';
import {
  type AnonymousCall,
  type Answer,
  isAnswer,
  type PageCall,
  type PageHandler,
  type RouteCall,
  type RouteMethod,
} from '../calls.ts';
import { glanceContentOf } from '../glance.ts';
import { notSigned, signRequest } from '../jwt.ts';
import type { AddonRuntime } from '../runtime.ts';
import { type TenantRecord, tenantOf } from '../tenants.ts';
import { groupBy } from './groupBy.ts';
import { allowFraming, allowOrigin, newNonce } from './headers.ts';
import { letIn, refuse, SIGNED, type Verified, verify } from './signed.ts';

const HTML = 'text/html; charset=utf-8';

/** What the chat client and the add-on's own pages ask for. */
export function pageRoutes(runtime: AddonRuntime, now: () => Instant) {
  const { addon, tenants } = runtime;
  const found = new WeakMap<FastifyRequest, Verified>();
  /**
   * Finds out who asks, before the server's limits count the request. What changes something uses the signed request up; looking does
   * not.
   */
  const knock = (changes: boolean) => ({
    config: SIGNED,
    preValidation: async (request: FastifyRequest): Promise<void> => {
      try {
        const verified = await verify(request, tenants, now);
        if (changes) await tenants.spend(verified.record, verified.signed);
        letIn(request, addon.key, verified.record);
        found.set(request, verified);
      } catch (thrown) {
        await refuse(request, thrown);
      }
    },
  });
  const callOf = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<PageCall & { readonly record: TenantRecord }> => {
    const verified = found.get(request);
    if (verified === undefined) throw notSigned('missing');
    const { record, signed } = verified;
    const { oauthId, oauthSecret: secret } = record;
    const roomId = signed.context.room_id ?? record.roomId;
    const token = await signRequest({ oauthId, secret, now: now() }, signed.userId, signed.context);
    allowOrigin(request, reply, addon, record);
    // Also where the handler fails: the page's own may be used up.
    reply.header('x-acpt', token);
    return {
      record,
      tenant: tenantOf(record, now),
      sender: signed.userId === null ? null : { id: signed.userId, name: null, mentionName: null },
      context: signed.context,
      room: roomId === null ? null : { id: roomId, name: null },
      client: runtime.client(record, roomId),
      query: queryOf(request),
      token,
      nonce: newNonce(),
    };
  };

  return (app: FastifyInstance): void => {
    const { pages, glances, routes } = addon.parts;
    for (const { path, handler } of pages) {
      // A form that carries the signed request is a POST, and looks all the same.
      const isTaken = routes.some((route) => route.path === path && route.method === 'POST');
      const method: RouteMethod[] = isTaken ? ['GET'] : ['GET', 'POST'];
      app.route({ method, url: path, ...knock(false), handler: show(handler) });
    }
    for (const { path, handler } of glances) {
      if (handler === null) continue;
      app.get(path, knock(false), async (request, reply) => {
        const { record: _, ...call } = await callOf(request, reply);
        return glanceContentOf(await handler(call));
      });
    }
    for (const route of routes) {
      const hooks = route.anonymous ? {} : knock(route.method !== 'GET');
      app.route({ method: route.method, url: route.path, ...hooks, handler: serve(route) });
    }
    const shared: readonly Pick<Route, 'path' | 'method'>[] = [
      ...glances.map(({ path }) => ({ path, method: 'GET' as const })),
      ...routes.filter(({ anonymous }) => !anonymous),
    ];
    for (const [path, those] of groupBy(shared, (one) => one.path)) {
      app.options(path, (request, reply) => preflight(request, reply, those));
    }
  };

  function show(handler: PageHandler) {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      const { record, ...call } = await callOf(request, reply);
      allowFraming(reply, addon, record, call.nonce);
      const page = await handler(call);
      return send(reply, isAnswer(page) ? { type: HTML, ...page } : { type: HTML, body: page });
    };
  }

  function serve(route: Route) {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      if (route.anonymous) {
        const nonce = newNonce();
        allowFraming(reply, addon, null, nonce);
        return answered(reply, await route.handler({ ...bareCall(request, nonce) }));
      }
      const { record, ...call } = await callOf(request, reply);
      allowFraming(reply, addon, record, call.nonce);
      const whole: RouteCall = { ...call, ...bareCall(request, call.nonce) };
      return answered(reply, await route.handler(whole));
    };
  }

  /** A browser asks before it sends a header of its own. By then only the address can say whose page it is for. */
  async function preflight(
    request: FastifyRequest,
    reply: FastifyReply,
    routes: readonly { readonly method: RouteMethod }[],
  ) {
    const record: TenantRecord | null = await verify(request, tenants, now).then(
      (verified) => verified.record,
      () => null,
    );
    if (allowOrigin(request, reply, addon, record)) {
      reply.headers({
        'access-control-allow-methods': routes.map(({ method }) => method).join(', '),
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '600',
      });
    }
    return reply.status(204).send();
  }
}

function queryOf({ query }: FastifyRequest): Readonly<Record<string, string>> {
  const given = Object.entries(query as Readonly<Record<string, string | string[]>>);
  return Object.fromEntries(given.map(([name, value]) => [name, typeof value === 'string' ? value : (value[0] ?? '')]));
}

const bareCall = (request: FastifyRequest, nonce: string): AnonymousCall => ({
  method: request.method as RouteMethod,
  params: request.params as Readonly<Record<string, string>>,
  query: queryOf(request),
  body: request.body,
  nonce,
});

const answered = (reply: FastifyReply, value: unknown): FastifyReply =>
  isAnswer(value) ? send(reply, value) : send(reply, value === undefined ? { status: 204 } : { body: value });

function send(reply: FastifyReply, { status = 200, type, headers, body }: Answer): FastifyReply {
  reply.status(body === undefined && status === 200 ? 204 : status);
  if (headers !== undefined) reply.headers(headers);
  if (type !== undefined) reply.type(type);
  if (body === undefined) return reply.send();
  if (body instanceof Uint8Array) return reply.send(Buffer.from(body));
  if (typeof body === 'string' && type !== undefined) return reply.send(body);
  return reply.type(type ?? 'application/json; charset=utf-8').send(JSON.stringify(body));
}
