import { randomBytes, randomInt } from 'node:crypto';
import { tokenError } from './entraErrors.ts';
import type { SandboxAccount } from './entraTokens.ts';
import type { SandboxAnswer } from './http.ts';

/** A device's wish to be signed in, from the code on its screen to the token. */
export interface DeviceRequest {
  deviceCode: string;
  userCode: string;
  clientId: string;
  scopes: readonly string[];
  cp1: boolean;
  expiresAt: number;
  state: 'pending' | 'declined' | 'spent' | { account: SandboxAccount };
}

const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ23456789';

/** Device codes of the stand-in (Microsoft identity platform, "OAuth 2.0 device authorization grant"). */
export class DeviceCodes {
  /** Seconds a client must leave between two polls; also what the answer says. */
  intervalSeconds = 5;
  lifetimeSeconds = 900;
  readonly #now: () => number;
  readonly #requests: DeviceRequest[] = [];
  #slowDowns = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  start(clientId: string, scopes: readonly string[], cp1: boolean, verificationUri: string): SandboxAnswer {
    const userCode = Array.from({ length: 9 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    const deviceCode = randomBytes(32).toString('base64url');
    const expiresAt = this.#now() + this.lifetimeSeconds * 1000;
    this.#requests.push({ deviceCode, userCode, clientId, scopes, cp1, expiresAt, state: 'pending' });
    return {
      status: 200,
      body: {
        user_code: userCode,
        device_code: deviceCode,
        verification_uri: verificationUri,
        expires_in: this.lifetimeSeconds,
        interval: this.intervalSeconds,
        message: `To sign in, use a web browser to open the page ${verificationUri} and enter the code ${userCode} to authenticate.`,
      },
    };
  }

  /** The pending request a person's code belongs to. */
  byUserCode(userCode: string): DeviceRequest | undefined {
    const wanted = userCode.trim().toUpperCase();
    return this.#requests.find(
      (request) => request.userCode === wanted && request.state === 'pending' && request.expiresAt > this.#now(),
    );
  }

  /** What a poll gets: an error answer, or the request with the account that signed in (once). */
  poll(deviceCode: string, clientId: string): SandboxAnswer | { request: DeviceRequest; account: SandboxAccount } {
    const now = this.#now();
    const request = this.#requests.find((entry) => entry.deviceCode === deviceCode && entry.clientId === clientId);
    if (!request || request.state === 'spent') return tokenError(70018, now);
    if (this.#slowDowns > 0) {
      this.#slowDowns -= 1;
      return tokenError(90019, now);
    }
    if (request.expiresAt <= now) return tokenError(70019, now);
    if (request.state === 'declined') {
      const declined = tokenError(65004, now);
      return { ...declined, body: { ...(declined.body as object), error: 'authorization_declined' } };
    }
    if (request.state === 'pending') return tokenError(70016, now);
    const { account } = request.state;
    request.state = 'spent';
    return { request, account };
  }

  /** The next polls are told to slow down (RFC 8628, 3.5). */
  slowDown(times: number): void {
    this.#slowDowns = times;
  }

  /** Every code out there is past its time. */
  expire(): void {
    for (const request of this.#requests) request.expiresAt = 0;
  }
}
