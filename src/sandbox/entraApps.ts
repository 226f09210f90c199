import { randomBytes, randomUUID } from 'node:crypto';
import { tokenError } from './entraErrors.ts';
import type { SandboxAnswer } from './http.ts';

/** A registered application with a secret, which signs in as itself. */
export interface SandboxApp {
  tenantId: string;
  /** A domain of the tenant, which stands for its id in addresses. */
  domain: string;
  clientId: string;
  secret: string;
  /** The application permissions that the administrator has granted, such as `Calendars.Read`. */
  roles: readonly string[];
}

const GRAPH_SCOPE = /^https:\/\/graph\.microsoft\.com\/\.default$/;

/** The applications' own sign-in (Microsoft identity platform, "OAuth 2.0 client credentials flow") and the tokens given out. */
export class AppTokens {
  /** Seconds a token lasts from its issue. */
  lifetimeSeconds = 3599;
  readonly #now: () => number;
  readonly #apps: SandboxApp[] = [];
  readonly #tokens = new Map<string, { app: SandboxApp; expiresAt: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  register(app: SandboxApp): void {
    this.#apps.push(app);
  }

  /** Every token out there is past its time. */
  expire(): void {
    for (const token of this.#tokens.values()) token.expiresAt = 0;
  }

  issue(tenant: string, form: URLSearchParams): SandboxAnswer {
    const inTenant = this.#apps.filter(({ tenantId, domain }) => [tenantId, domain].includes(tenant));
    if (inTenant.length === 0) return tokenError(90002, this.#now());
    const app = inTenant.find(({ clientId }) => clientId === form.get('client_id'));
    if (app === undefined) return tokenError(700016, this.#now());
    if (form.get('client_secret') !== app.secret) return tokenError(7000215, this.#now());
    // An application can't ask for single permissions; it gets those it was granted.
    if (!GRAPH_SCOPE.test(form.get('scope') ?? '')) return tokenError(1002012, this.#now());
    const token = `${randomUUID()}.${randomBytes(48).toString('base64url')}`;
    this.#tokens.set(token, { app, expiresAt: this.#now() + this.lifetimeSeconds * 1000 });
    const { lifetimeSeconds } = this;
    return {
      status: 200,
      headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
      body: { token_type: 'Bearer', expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds, access_token: token },
    };
  }

  /** Whose token it is; null for none of these. */
  inspect(token: string): { app: SandboxApp; isExpired: boolean } | null {
    const found = this.#tokens.get(token);
    return found === undefined ? null : { app: found.app, isExpired: found.expiresAt <= this.#now() };
  }
}
