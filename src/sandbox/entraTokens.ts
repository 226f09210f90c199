import { randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A person who can sign in at the stand-in. */
export interface SandboxAccount {
  username: string;
  name: string;
  /** Without one, any password is taken. */
  password?: string;
  /** Object id in the directory. */
  oid: string;
  tenantId: string;
}

/** What a sign-in allowed; every token of the sign-in carries it. */
export interface Grant {
  account: SandboxAccount;
  clientId: string;
  scopes: readonly string[];
  /** From the request's `claims`: the client can answer claims challenges. */
  cp1: boolean;
  /** `nbf` the request's `claims` asked for, when it answered a challenge. */
  answeredNbf?: string;
}

/** What Graph learns about a bearer token. `claims` is the JSON that a challenge carries. */
export type TokenState =
  | { state: 'valid'; grant: Grant }
  | { state: 'challenged'; grant: Grant; claims: string }
  | { state: 'unknown' | 'expired' | 'revoked' };

interface AccessToken {
  grant: Grant;
  expiresAt: number;
  revoked: boolean;
  /** Claims that a newer token must carry before Graph serves this account again. */
  challenged?: string;
}

interface RefreshToken {
  grant: Grant;
  revoked: boolean;
}

interface Challenge {
  nbf: string;
  claims: string;
  /** Silent renewal cannot answer it: the person must sign in again. */
  interactive: boolean;
}

/** Issues, knows and revokes tokens; shared by the sign-in service and by Graph. */
export class TokenStore {
  readonly jwk: JWK;
  /** Seconds an access token lasts from its issue. */
  lifetimeSeconds = 3600;
  readonly #key: Parameters<SignJWT['sign']>[0];
  readonly #now: () => number;
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, RefreshToken>();
  readonly #challenges = new Map<string, Challenge>();

  #lastNbf = 0;

  private constructor(key: Parameters<SignJWT['sign']>[0], jwk: JWK, now: () => number) {
    this.#key = key;
    this.jwk = jwk;
    this.#now = now;
  }

  static async create(now: () => number): Promise<TokenStore> {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: randomUUID(), use: 'sig', alg: 'RS256' };
    return new TokenStore(pair.privateKey, jwk, now);
  }

  /** What Graph asks on every call. */
  inspect(token: string | undefined): TokenState {
    const entry = token === undefined ? undefined : this.#access.get(token);
    if (!entry) return { state: 'unknown' };
    if (entry.revoked) return { state: 'revoked' };
    if (entry.challenged !== undefined) {
      // Only a client that declared cp1 is told what to do; the others see a token that no longer works.
      if (entry.grant.cp1) return { state: 'challenged', grant: entry.grant, claims: entry.challenged };
      return { state: 'revoked' };
    }
    if (entry.expiresAt <= this.#now()) return { state: 'expired' };
    return { state: 'valid', grant: entry.grant };
  }

  /** The grant behind a refresh token, or why there is none. */
  redeem(refreshToken: string): Grant | 'unknown' | 'revoked' {
    const entry = this.#refresh.get(refreshToken);
    if (!entry) return 'unknown';
    return entry.revoked ? 'revoked' : entry.grant;
  }

  /** The challenge that silent renewal cannot answer for this account, as the claims to satisfy. */
  interactionNeeded(account: SandboxAccount): string | undefined {
    const challenge = this.#challenges.get(account.oid);
    return challenge?.interactive ? challenge.claims : undefined;
  }

  /** A person has just signed in: what demanded a new sign-in is satisfied. */
  signedIn(account: SandboxAccount): void {
    this.#challenges.delete(account.oid);
  }

  /** A successful token answer (Microsoft identity platform, "Successful response"). */
  async issue(grant: Grant, options: { issuer: string; nonce?: string; clientInfo: boolean }) {
    const seconds = Math.floor(this.#now() / 1000);
    const expires = seconds + this.lifetimeSeconds;
    const { account, clientId } = grant;
    const shared = { oid: account.oid, tid: account.tenantId, name: account.name, ver: '2.0' };
    const sign = (claims: Record<string, unknown>, audience: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: this.jwk.kid ?? '' })
        .setIssuer(options.issuer)
        .setAudience(audience)
        .setIssuedAt(seconds)
        .setNotBefore(seconds)
        .setExpirationTime(expires)
        .sign(this.#key);
    const resource = grant.scopes.filter((scope) => !['openid', 'profile', 'email', 'offline_access'].includes(scope));
    const accessToken = await sign(
      { ...shared, appid: clientId, scp: resource.join(' '), upn: account.username, jti: randomUUID() },
      'https://graph.microsoft.com',
    );
    const open = this.#challenges.get(account.oid);
    if (open && open.nbf === grant.answeredNbf) this.#challenges.delete(account.oid);
    this.#access.set(accessToken, {
      grant,
      expiresAt: this.#now() + this.lifetimeSeconds * 1000,
      revoked: false,
      // A renewal that did not carry the claims of an open challenge is no answer to it.
      ...(open && grant.cp1 && open.nbf !== grant.answeredNbf ? { challenged: open.claims } : {}),
    });
    const refreshToken = `0.${randomBytes(48).toString('base64url')}`;
    const offline = grant.scopes.includes('offline_access');
    if (offline) this.#refresh.set(refreshToken, { grant, revoked: false });
    const idToken = grant.scopes.includes('openid')
      ? await sign(
          {
            ...shared,
            sub: `sub-${account.oid}`,
            preferred_username: account.username,
            ...(options.nonce === undefined ? {} : { nonce: options.nonce }),
          },
          clientId,
        )
      : undefined;
    return {
      token_type: 'Bearer',
      scope: grant.scopes.filter((scope) => scope !== 'offline_access').join(' '),
      expires_in: this.lifetimeSeconds,
      ext_expires_in: this.lifetimeSeconds,
      access_token: accessToken,
      ...(offline ? { refresh_token: refreshToken } : {}),
      ...(idToken === undefined ? {} : { id_token: idToken }),
      ...(options.clientInfo ? { client_info: clientInfo(account) } : {}),
    };
  }

  /** Every access token out there is past its time. */
  expireAccessTokens(): void {
    for (const entry of this.#access.values()) entry.expiresAt = 0;
  }

  /** Like an administrator's "revoke sessions": no token issued so far works, neither access nor refresh. */
  revokeSessions(username?: string): void {
    for (const entry of [...this.#access.values(), ...this.#refresh.values()]) {
      if (username === undefined || entry.grant.account.username === username) entry.revoked = true;
    }
  }

  /**
   * From now on Graph answers `insufficient_claims` until the client comes with a token whose request carried the
   * claims. With `interactive`, silent renewal is refused as well (AADSTS50076) until the person signs in.
   */
  challenge(account: SandboxAccount, interactive: boolean): string {
    // A second challenge within one second must differ from the first.
    this.#lastNbf = Math.max(Math.floor(this.#now() / 1000), this.#lastNbf + 1);
    const nbf = String(this.#lastNbf);
    const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: nbf } } });
    this.#challenges.set(account.oid, { nbf, claims, interactive });
    for (const entry of this.#access.values()) {
      if (entry.grant.account.oid === account.oid) entry.challenged = claims;
    }
    return claims;
  }
}

/** `client_info` as Entra sends it: base64url of `{uid, utid}`. */
export function clientInfo(account: SandboxAccount): string {
  return Buffer.from(JSON.stringify({ uid: account.oid, utid: account.tenantId })).toString('base64url');
}

/** Reads a request's `claims`: does the client declare cp1, and which `nbf` does it answer? */
export function readClaims(text: string | null): { cp1: boolean; answeredNbf?: string } {
  if (!text) return { cp1: false };
  const parsed = JSON.parse(text) as {
    access_token?: { xms_cc?: { values?: string[] }; nbf?: { value?: string } };
  };
  const values = parsed.access_token?.xms_cc?.values ?? [];
  const nbf = parsed.access_token?.nbf?.value;
  return {
    cp1: values.some((value) => value.toLowerCase() === 'cp1'),
    ...(nbf === undefined ? {} : { answeredNbf: nbf }),
  };
}
