import { afterEach, beforeEach, expect } from 'vitest';
import type { HipchatConnectSandbox, Installation } from '../../src/sandbox/hipchatConnect/index.ts';
import { ENGINE, startTestAddon, startTestServer, type TestAddon } from './hipchat-addon-world.ts';
import { connectFindings } from './hipchat-connect.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { error?: { code: number; type: string; message: string } };
}

/** A server with an add-on in one room, as its tests find it; the add-on's calls to the API are {@link call}. */
export interface RestWorld {
  /** Epoch milliseconds. */
  clock: number;
  hipchat: HipchatConnectSandbox;
  addon: TestAddon;
  installation: Installation;
  /** With all that the descriptor asks for. */
  token: string;
}

/** Made anew for each test. */
export const world = {} as RestWorld;

/** Opens and closes it around each test; each answer is judged by the reconstructed contract. */
export function useWorld(): void {
  beforeEach(async () => {
    world.clock = Date.parse('2026-01-05T09:00:00Z');
    world.addon = await startTestAddon();
    world.hipchat = await startTestServer({ now: () => world.clock });
    world.installation = await world.hipchat.install(world.addon.descriptorUrl, { room: ENGINE });
    world.token = await tokenFor();
  });
  afterEach(async () => {
    const { hipchat, addon } = world;
    await hipchat.settled();
    await Promise.all([hipchat.close(), addon.close()]);
    expect(connectFindings(hipchat.journal.exchanges)).toEqual([]);
  });
}

export async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${world.hipchat.url}/v2${path}`, init);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
}

export function call(method: string, path: string, body?: unknown, bearer = world.token): Promise<Answer> {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  return ask(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

export const basic = ({ oauthId, oauthSecret }: Pick<Installation, 'oauthId' | 'oauthSecret'>) =>
  `Basic ${Buffer.from(`${oauthId}:${oauthSecret}`).toString('base64')}`;

export function askToken(fields: Record<string, string>, authorization = basic(world.installation)): Promise<Answer> {
  return ask('/oauth/token', { method: 'POST', headers: { authorization }, body: new URLSearchParams(fields) });
}

export async function tokenFor(scope?: string): Promise<string> {
  const { body } = await askToken({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  return String(body['access_token']);
}
