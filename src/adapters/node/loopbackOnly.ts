import type { Fetch } from '../http.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `fetch` that reaches this machine and no other: a redirect, which could lead elsewhere, is not followed. */
export const loopbackOnly =
  (fetch: Fetch): Fetch =>
  async (url, init) => {
    if (!LOOPBACK.has(new URL(url).hostname)) throw new TypeError('Only this machine is reached.');
    return fetch(url, { ...init, redirect: init?.redirect === 'manual' ? 'manual' : 'error' });
  };
