import type { ZodType } from 'zod';
import { parseAnswer } from '../../../adapters/http.ts';
import type { Instant } from '../../../core/time.ts';
import type { GuardedRequest } from '../../guard/guardedFetch.ts';
import type { AccessTokens } from '../accessTokens.ts';
import type { AddonScope } from '../descriptor.ts';
import { CALL_TIMEOUT, CHAT, errorOf, jsonOf, MAX_ANSWER, type Outbound } from '../outbound.ts';
import type { TenantRecord } from '../tenants.ts';

export interface ApiDeps {
  readonly tenant: TenantRecord;
  /** In what right it calls. */
  readonly scopes: readonly AddonScope[];
  readonly tokens: AccessTokens;
  readonly outbound: Outbound;
  readonly now: () => Instant;
}

/** A body that is no JSON. */
export interface RawBody {
  readonly type: string;
  readonly bytes: Buffer;
}

/** HipChat's API v2 in the name of one installation. Every call throws `AppError`; a refused token is renewed once. */
export interface Api {
  readonly get: <T>(path: string, schema: ZodType<T>) => Promise<T>;
  readonly send: (method: 'POST' | 'PUT', path: string, body: object | RawBody) => Promise<void>;
}

const isRaw = (body: object): body is RawBody => 'bytes' in body && Buffer.isBuffer(body.bytes);

export function createApi({ tenant, scopes, tokens, outbound, now }: ApiDeps): Api {
  const call = async (method: GuardedRequest['method'], path: string, body?: object | RawBody) => {
    const content =
      body === undefined
        ? {}
        : isRaw(body)
          ? { type: body.type, body: body.bytes }
          : { type: 'application/json', body: JSON.stringify(body) };
    const request = (token: string) =>
      outbound.request(`${tenant.apiUrl}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(content.type === undefined ? {} : { 'content-type': content.type }),
        },
        ...(content.body === undefined ? {} : { body: content.body }),
        timeout: CALL_TIMEOUT,
        maxBytes: MAX_ANSWER,
      });
    const token = await tokens.get(tenant, scopes);
    const first = await request(token);
    const answer = first.status === 401 ? await request(await tokens.get(tenant, scopes, token)) : first;
    if (answer.status < 200 || answer.status > 299) throw errorOf(answer, now());
    return answer;
  };
  return {
    get: async (path, schema) => parseAnswer(CHAT, schema, jsonOf(await call('GET', path))),
    send: async (method, path, body) => {
      await call(method, path, body);
    },
  };
}
