import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Instant } from '../../../core/time.ts';
import type { Route } from '../addon.ts';
import {
  type AnonymousCall,
  type Answer,
  isAnswer,
  type PageCall,
  type RouteCall,
  type RouteMethod,
} from '../calls.ts';
import { glanceContentOf } from '../glance.ts';
import { signRequest } from '../jwt.ts';
import type { AddonRuntime } from '../runtime.ts';
import { type TenantRecord, tenantOf } from '../tenants.ts';
import { groupBy } from './groupBy.ts';
import { allowFraming, allowOrigin, newNonce } from './headers.ts';
import { letIn, refuse, type Verified, verify } from './signed.ts';

const HTML = 'text/html; charset=utf-8';

/** What the chat client and the add-on's own pages ask for. */
export function pageRoutes(runtime: AddonRuntime, now: () => Instant) {
  const { addon, tenants } = runtime;
  /** Who asks. What changes something uses the signed request up; looking does not. */
  const knock = async (request: FastifyRequest, changes: boolean): Promise<Verified> => {
    try {
      const verified = await verify(request, tenants, now);
      if (changes) await tenants.spend(verified.record, verified.signed);
      letIn(request, addon.key, verified.record);
      return verified;
    } catch (thrown) {
      return refuse(request, thrown);
    }
  };
  const callOf = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { record, signed }: Verified,
  ): Promise<PageCall> => {
    const { oauthId, oauthSecret: secret } = record;
    const roomId = signed.context.room_id ?? record.roomId;
    const token = await signRequest({ oauthId, secret, now: now() }, signed.userId, signed.context);
    allowOrigin(request, reply, addon, record);
    // Also where the handler fails: the page's own may be used up.
    reply.header('x-acpt', token);
    return {
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
    for (const { path, handler } of addon.parts.pages) {
      app.get(path, async (request, reply) => {
        const verified = await knock(request, false);
        const call = await callOf(request, reply, verified);
        allowFraming(reply, addon, verified.record, call.nonce);
        const page = await handler(call);
        return send(reply, isAnswer(page) ? { type: HTML, ...page } : { type: HTML, body: page });
      });
    }
    for (const { path, handler } of addon.parts.glances) {
      if (handler === null) continue;
      app.get(path, async (request, reply) => {
        const call = await callOf(request, reply, await knock(request, false));
        return glanceContentOf(await handler(call));
      });
    }
    for (const route of addon.parts.routes) app.route({ method: route.method, url: route.path, handler: serve(route) });
    const shared = [
      ...addon.parts.glances.map(({ path }) => ({ path, method: 'GET' as RouteMethod })),
      ...addon.parts.routes.filter(({ anonymous }) => !anonymous),
    ];
    for (const [path, routes] of groupBy(shared, (one) => one.path)) {
      app.options(path, (request, reply) => preflight(request, reply, routes));
    }
  };

  function serve(route: Route) {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      if (route.anonymous) {
        const nonce = newNonce();
        allowFraming(reply, addon, null, nonce);
        return answered(reply, await route.handler({ ...bareCall(request, nonce) }));
      }
      const verified = await knock(request, route.method !== 'GET');
      const call = await callOf(request, reply, verified);
      allowFraming(reply, addon, verified.record, call.nonce);
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
