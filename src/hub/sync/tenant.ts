import type { ZodType } from 'zod';
import {
  call,
  codeOfStatus,
  type HttpDeps,
  jsonOf,
  parseAnswer,
  retryAfterOf,
  serviceMessage,
} from '../../adapters/http.ts';
import { AppError, asAppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';
import { RetryGate } from '../../engine/retryGate.ts';
import { batchAnswer } from './graphAnswers.ts';
import type { SyncFigures } from './metrics.ts';
import { JOB_SIZE } from './model.ts';
import type { AppToken } from './token.ts';

const SERVICE = 'Microsoft 365';
const VERSION = 'v1.0';

/** The whole tenant is to be left in peace until then. */
export class TenantHeld extends Error {
  override readonly name = 'TenantHeld';
  readonly until: Instant;

  constructor(until: Instant, cause: AppError | null) {
    super('The tenant is left in peace for a while.', cause === null ? undefined : { cause });
    this.until = until;
  }
}

export interface TenantDeps extends HttpDeps {
  /** Graph's base, without `/v1.0`. */
  readonly graph: string;
  readonly token: AppToken;
  readonly figures: SyncFigures;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** One request within a `$batch`. */
export interface BatchRequest {
  readonly id: string;
  /** Under the version, with a slash first. */
  readonly url: string;
}

interface Call {
  readonly path: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is worth trying again by itself, and at the tenant's cost rather than one mailbox's. */
const THROTTLED: ReadonlySet<number> = new Set([429, 503, 504]);

/** Where the limit is one mailbox's. */
const OF_MAILBOX = /^\/users\/[^/?]+\//;

/**
 * One tenant of Microsoft Graph, called as an application. Trouble that is the tenant's (no token, 429 or 5xx of a whole call, no
 * answer) holds everything for as long as it was told to, or for a back-off with jitter; each such call throws `TenantHeld`.
 */
export class Tenant {
  readonly #deps: TenantDeps;
  readonly #gate: RetryGate;
  #heldUntil: Instant = 0;
  #lasting = 0;

  constructor(deps: TenantDeps) {
    this.#deps = deps;
    this.#gate = new RetryGate(deps.random);
  }

  /** The answers by the requests' ids, or what went wrong with each. Throws `TenantHeld`. */
  async batch<T>(
    requests: readonly BatchRequest[],
    schema: ZodType<T>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, T | AppError>> {
    if (requests.length === 0) return new Map();
    if (requests.length > JOB_SIZE) throw new RangeError('Graph takes at most 20 requests in one batch.');
    const json = { requests: requests.map(({ id, url }) => ({ id, method: 'GET', url })) };
    this.#deps.figures.requests += requests.length;
    const send = () => this.#send({ path: '/$batch', json }, batchAnswer, signal);
    let { responses } = await send();
    if (responses.some(({ status }) => status === 401)) {
      this.#deps.token.forget(await this.#deps.token.get(signal));
      ({ responses } = await send());
    }
    const throttled = responses.filter(({ status }) => THROTTLED.has(status));
    this.#deps.figures.throttled += throttled.length;
    const answers = new Map<string, T | AppError>();
    for (const { id, status, headers, body } of responses) {
      const wait = retryAfterOf(headerOf(headers, 'retry-after'), this.#deps.now());
      answers.set(id, status >= 200 && status < 300 ? parsed(schema, body) : errorOfStatus(status, wait));
    }
    // When every mailbox is throttled at once it is not the mailboxes.
    if (responses.length > 1 && throttled.length === responses.length) {
      const waits = [...answers.values()].map((error) => (error instanceof AppError ? (error.retryAfter ?? 0) : 0));
      const longest = Math.max(...waits);
      throw this.held(
        new AppError('rateLimited', serviceMessage(SERVICE, 'rateLimited'), longest > 0 ? { retryAfter: longest } : {}),
      );
    }
    this.#succeeded();
    return answers;
  }

  /** One call that is no batch. Throws `AppError` for what is the path's own fault, else `TenantHeld`. */
  async call<T>(path: string, schema: ZodType<T>, signal: AbortSignal, more: Omit<Call, 'path'> = {}): Promise<T> {
    this.#deps.figures.requests += 1;
    const answer = await this.#send({ ...more, path }, schema, signal);
    this.#succeeded();
    return answer;
  }

  #succeeded(): void {
    this.#gate.succeeded();
    this.#lasting = 0;
  }

  /** The path of a link to a next page. Throws where it leads elsewhere: the token is not carried there. */
  pathOf(link: string): string {
    const base = new URL(`${this.#deps.graph}/${VERSION}/`);
    const target = URL.canParse(link) ? new URL(link) : null;
    if (target?.origin !== base.origin || !target.pathname.startsWith(base.pathname)) {
      throw new AppError('badResponse', `${SERVICE} names a next page that is not its own.`, {
        reason: 'foreignNextLink',
      });
    }
    return `/${target.pathname.slice(base.pathname.length)}${target.search}`;
  }

  async #send<T>(wanted: Call, schema: ZodType<T>, signal: AbortSignal): Promise<T> {
    const now = this.#deps.now();
    if (now < this.#heldUntil) throw new TenantHeld(this.#heldUntil, null);
    try {
      const response = await this.#authorised(wanted, signal);
      if (THROTTLED.has(response.status)) this.#deps.figures.throttled += 1;
      return await jsonOf(SERVICE, response, schema, this.#deps.now());
    } catch (thrown) {
      const error = asAppError(thrown);
      if (error.code === 'cancelled' || this.#isOwn(error, wanted)) throw error;
      throw this.held(error);
    }
  }

  /** Trouble of what was asked for, and not of the tenant. */
  #isOwn({ code, reason }: AppError, { path }: Call): boolean {
    if (reason !== null || path === '/$batch') return false;
    return (
      ['notFound', 'forbidden', 'invalidInput'].includes(code) || (code === 'rateLimited' && OF_MAILBOX.test(path))
    );
  }

  /** A 401 is answered once with a new token. */
  async #authorised(wanted: Call, signal: AbortSignal): Promise<Response> {
    const token = await this.#deps.token.get(signal);
    const first = await this.#fetch(wanted, token, signal);
    if (first.status !== 401) return first;
    await first.body?.cancel();
    this.#deps.token.forget(token);
    return this.#fetch(wanted, await this.#deps.token.get(signal), signal);
  }

  #fetch({ path, json, headers }: Call, token: string, signal: AbortSignal): Promise<Response> {
    this.#deps.figures.calls += 1;
    return call(this.#deps, SERVICE, `${this.#deps.graph}/${VERSION}${path}`, {
      method: json === undefined ? 'GET' : 'POST',
      redirect: 'error',
      headers: {
        authorization: `Bearer ${token}`,
        ...headers,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      signal,
    });
  }

  /** Holds the tenant because of an error; returns what to throw. */
  held(error: AppError): TenantHeld {
    const now = this.#deps.now();
    this.#gate.failed(error, now, false);
    // What an administrator has to mend is tried again now and then.
    const { retryAt } = this.#gate;
    if (retryAt === null) this.#lasting += 1;
    const until = retryAt ?? now + Math.round(Math.min(5, this.#lasting) * 60_000 * (0.5 + this.#deps.random() / 2));
    this.#heldUntil = Math.max(this.#heldUntil, until);
    return new TenantHeld(this.#heldUntil, error);
  }
}

function headerOf(headers: Readonly<Record<string, string>> | null | undefined, name: string): string | null {
  const found = Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1] ?? null;
}

function errorOfStatus(status: number, wait: number | undefined): AppError {
  const code = codeOfStatus(status);
  return new AppError(code, serviceMessage(SERVICE, code), wait === undefined ? {} : { retryAfter: wait });
}

function parsed<T>(schema: ZodType<T>, body: unknown): T | AppError {
  try {
    return parseAnswer(SERVICE, schema, body);
  } catch (error) {
    return asAppError(error);
  }
}
