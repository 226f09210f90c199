import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { hipchatError } from '../hipchatUser.ts';
import type { SandboxAnswer, SandboxRequest } from '../http.ts';
import type { Descriptor, Scope } from './descriptor.ts';

/** One add-on in one room, or in all of them. HipChat made one OAuth client for each. */
export interface Installation {
  readonly oauthId: string;
  readonly oauthSecret: string;
  readonly descriptor: Descriptor;
  readonly groupId: number;
  /** Null of one for the whole group. */
  readonly room: number | null;
}

/** What a token allows, and to whom. */
export interface Session {
  /** Of an add-on. */
  readonly client: Installation | null;
  /** Id of the user whose personal token it is. */
  readonly user: number | null;
  readonly scopes: readonly string[];
  /** Epoch milliseconds. */
  expiresAt: number;
}

export const GROUP = { id: 1, name: 'Contoso' } as const;

/** HipChat's words for a call without a token that it knows. */
export const noSession = () => hipchatError(401, 'Unauthorized', 'Invalid OAuth session');

const bad = (message: string) => hipchatError(400, 'Bad Request', message);

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The fields of a token request: a form as OAuth has it, or JSON as Atlassian's framework for Koa sends it. */
function fieldsOf({ form, json }: SandboxRequest): Map<string, string> {
  if (form.size > 0) return new Map(form);
  if (typeof json !== 'object' || json === null) return new Map();
  return new Map(Object.entries(json).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

/** The installations and their tokens. */
export class Clients {
  /** Seconds that a token of an add-on lasts. */
  lifetimeSeconds = 3600;
  readonly #installations = new Map<string, Installation>();
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get installations(): readonly Installation[] {
    return [...this.#installations.values()];
  }

  /** A new client; it gets tokens at once, since an add-on asks for one before it accepts. */
  add(descriptor: Descriptor, room: number | null): Installation {
    const oauthSecret = randomBytes(30).toString('base64url');
    const one = { oauthId: randomUUID(), oauthSecret, descriptor, groupId: GROUP.id, room };
    this.#installations.set(one.oauthId, one);
    return one;
  }

  has({ oauthId }: Installation): boolean {
    return this.#installations.has(oauthId);
  }

  find(oauthId: string): Installation | undefined {
    return this.#installations.get(oauthId);
  }

  /** Its id, secret and tokens are nobody's from now on. */
  remove({ oauthId }: Installation): void {
    this.#installations.delete(oauthId);
    this.endSessions((session) => session.client?.oauthId === oauthId);
  }

  endSessions(which: (session: Session) => boolean): void {
    for (const [token, session] of this.#sessions) if (which(session)) this.#sessions.delete(token);
  }

  addPersonalToken(token: string, user: number, scopes: readonly string[]): void {
    this.#sessions.set(token, { client: null, user, scopes, expiresAt: Number.POSITIVE_INFINITY });
  }

  session(token: string): Session | undefined {
    const session = this.#sessions.get(token);
    return session && this.#now() < session.expiresAt ? session : undefined;
  }

  /** `POST /v2/oauth/token`, of which add-ons use one grant. */
  issue(request: SandboxRequest): SandboxAnswer {
    const client = this.#authenticated(String(request.headers['authorization'] ?? ''));
    if (!client) {
      return hipchatError(401, 'Unauthorized', 'Authenticated requests only.');
    }
    const fields = fieldsOf(request);
    if (fields.size === 0) return bad('The body is neither a form nor a JSON object');
    if (fields.get('grant_type') !== 'client_credentials') return bad("Invalid value for 'grant_type'");
    const allowed: readonly string[] = client.descriptor.capabilities.hipchatApiConsumer?.scopes ?? [];
    const scopes = fields.get('scope')?.split(' ').filter(Boolean) ?? [...allowed];
    const outside = scopes.filter((scope) => !allowed.includes(scope));
    if (outside.length > 0) return bad(`The client may not ask for the scopes: ${outside.join(', ')}`);
    return { status: 200, body: this.#token(client, scopes) };
  }

  #token(client: Installation, scopes: readonly string[]): object {
    const access_token = randomBytes(30).toString('base64url');
    const expiresAt = this.#now() + this.lifetimeSeconds * 1000;
    this.#sessions.set(access_token, { client, user: null, scopes, expiresAt });
    return {
      access_token,
      expires_in: this.lifetimeSeconds,
      group_id: GROUP.id,
      group_name: GROUP.name,
      scope: scopes.join(' '),
      token_type: 'bearer',
    };
  }

  #authenticated(header: string): Installation | undefined {
    const given = /^Basic\s+(\S+)$/i.exec(header)?.[1];
    if (given === undefined) return undefined;
    const [id = '', ...secret] = Buffer.from(given, 'base64').toString('utf8').split(':');
    const client = this.#installations.get(id);
    return client && isSame(client.oauthSecret, secret.join(':')) ? client : undefined;
  }
}

/** Whether one of the scopes that a method takes is among those that a token has. */
export function mayUse(session: Pick<Session, 'scopes'>, wanted: readonly Scope[]): boolean {
  return wanted.length === 0 || wanted.some((scope) => session.scopes.includes(scope));
}
