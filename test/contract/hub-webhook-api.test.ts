import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectSigned, openReceiver, type Receiver, SECRET } from './hub-webhooks-world.ts';
import { type HubWorld, openHub } from './hub-world.ts';

const HOOKS = '/api/v1/webhooks';

describe("the hub's API of webhooks", () => {
  let world: HubWorld;
  let receiver: Receiver;
  let admin: string;
  beforeEach(async () => {
    world = await openHub({ env: { HUB_ALLOW_PRIVATE_WEBHOOKS: '1' } });
    receiver = await openReceiver();
    admin = await world.token(['admin']);
  });
  afterEach(async () => {
    await world.close();
    await receiver.close();
  });

  const ask = async (method: string, path: string, body?: unknown, token = admin) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await world.ask(path, token, init);
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  const letters = async (id: string, query = '') => (await ask('GET', `${HOOKS}/${id}/dead-letters${query}`)).body;

  it('makes, shows and deletes webhooks; the secret is shown once', async () => {
    const made = await ask('POST', HOOKS, { url: receiver.url, kinds: ['presence'], emails: ['Ada@Example.com'] });
    expect(made.status).toBe(201);
    const { secret, ...webhook } = made.body;
    expect(secret).toMatch(/^whsec_[\w-]{43}$/);
    expect(webhook).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{26}$/),
      url: receiver.url,
      kinds: ['presence'],
      emails: ['ada@example.com'],
      createdAt: expect.any(String),
      status: 'on',
      delivered: expect.any(Number),
      failing: null,
      deadLettersDropped: 0,
    });
    expect((await ask('GET', HOOKS)).body).toEqual({ items: [webhook] });
    expect((await ask('GET', `${HOOKS}/${webhook.id}`)).body).toEqual(webhook);
    expect(await ask('DELETE', `${HOOKS}/${webhook.id}`)).toEqual({ status: 204, body: null });
    expect((await ask('GET', `${HOOKS}/${webhook.id}`)).status).toBe(404);
    expect((await ask('DELETE', `${HOOKS}/${webhook.id}`)).status).toBe(404);
    expect((await ask('GET', `${HOOKS}/${webhook.id}/dead-letters`)).status).toBe(404);
  });

  it('delivers what the API is told, and counts it', async () => {
    await ask('POST', HOOKS, { url: receiver.url, secret: SECRET });
    const ada = await world.person('Ada');
    await ask('PUT', `/api/v1/presences/${ada}`, { state: 'dnd', text: 'In a meeting' });
    await receiver.count(2);
    expect(receiver.seen.map(({ json }) => json)).toMatchObject([
      { kind: 'person', person: { id: ada } },
      { kind: 'presence', presence: { state: 'dnd', text: 'In a meeting' } },
    ]);
    const [first] = receiver.seen;
    if (first === undefined) throw new Error('There should be one.');
    const time = Number(/^t=(\d+)/.exec(String(first.headers['x-hipstatus-signature']))?.[1]);
    expect(Math.abs(Date.now() / 1_000 - time)).toBeLessThan(30);
    expectSigned(first, SECRET, time * 1_000);
    await vi.waitFor(async () => {
      const metrics = await (await world.ask('/metrics', admin)).text();
      expect(metrics).toContain('hipstatus_hub_webhook_deliveries_total{outcome="delivered"} 2');
      expect(metrics).toContain('hipstatus_hub_webhooks{state="on"} 1');
      expect(metrics).toContain('hipstatus_hub_webhook_lag_seconds 0');
      expect(metrics).toContain('hipstatus_hub_webhook_dead_letters_total 0');
    });
  });

  it('is for administrators', async () => {
    const reader = await world.token(['read', 'publish']);
    expect((await ask('GET', HOOKS, undefined, reader)).status).toBe(403);
    expect((await ask('POST', HOOKS, { url: receiver.url }, reader)).status).toBe(403);
    expect((await world.ask(HOOKS, null)).status).toBe(401);
  });

  it.each([
    [{}],
    [{ url: 'nonsense' }],
    [{ url: 'ftp://example.com/' }],
    [{ url: 'https://user:pass@example.com/' }],
    [{ url: 'https://169.254.169.254/' }],
    [{ url: 'https://example.com/', kinds: [] }],
    [{ url: 'https://example.com/', kinds: ['everything'] }],
    [{ url: 'https://example.com/', emails: ['nobody'] }],
    [{ url: 'https://example.com/', secret: 'short' }],
    [{ url: 'https://example.com/', secret: 'with a blank in it' }],
    [{ url: 'https://example.com/', other: 1 }],
  ])('refuses %j', async (body) => {
    const answer = await ask('POST', HOOKS, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalidInput' } } });
    expect((await ask('GET', HOOKS)).body).toEqual({ items: [] });
  });

  it('refuses addresses of private networks unless they are allowed', async () => {
    const closed = await openHub();
    try {
      const token = await closed.token(['admin']);
      for (const url of [receiver.url, 'https://127.0.0.1/', 'https://[::ffff:10.0.0.1]/', 'http://example.com/']) {
        const response = await closed.ask(HOOKS, token, { method: 'POST', body: JSON.stringify({ url }) });
        expect(response.status).toBe(400);
      }
      const named = await closed.ask(HOOKS, token, {
        method: 'POST',
        body: JSON.stringify({ url: `https://localhost:${new URL(receiver.url).port}/` }),
      });
      const { id } = (await named.json()) as { id: string };
      await closed.person('Ada');
      await vi.waitFor(async () => {
        const shown = await (await closed.ask(`${HOOKS}/${id}`, token)).json();
        expect(shown).toMatchObject({ failing: { tries: 1, reason: 'refused' } });
      });
      expect(receiver.seen).toEqual([]);
    } finally {
      await closed.close();
    }
  });

  it('lists dead letters, sends them again and forgets them', async () => {
    const { id } = (await ask('POST', HOOKS, { url: receiver.url, secret: SECRET })).body;
    await world.person('Ada');
    await receiver.count(1);
    const change = receiver.seen[0]?.json;
    for (const event of [7, 8, 9]) {
      await world.hub.store.documents.put(
        `webhook-dead:${id}`,
        String(event).padStart(16, '0'),
        { event, kind: 'person', at: 0, failedAt: 1, tries: 8, reason: 'timeout', body: JSON.stringify(change) },
        Date.now(),
      );
    }
    const letter = { kind: 'person', at: '1970-01-01T00:00:00.000Z', tries: 8, reason: 'timeout', change };
    expect(await letters(id, '?limit=2')).toMatchObject({ items: [{ ...letter, event: 7 }, { event: 8 }], next: 8 });
    expect(await letters(id, '?limit=2&after=8')).toMatchObject({ items: [{ event: 9 }], next: null });

    const retry = (event: number) => ask('POST', `${HOOKS}/${id}/dead-letters/${event}/retry`);
    expect(await retry(8)).toEqual({ status: 204, body: null });
    expect(receiver.seen[1]).toMatchObject({ json: change, headers: { 'x-hipstatus-delivery': '8' } });
    receiver.answer = (_, response) => void response.writeHead(500).end('inner details');
    const refused = await retry(9);
    expect(refused).toMatchObject({ status: 502, body: { error: { code: 'badResponse' } } });
    expect(JSON.stringify(refused.body)).toContain('status 500');
    expect(JSON.stringify(refused.body)).not.toContain('inner details');
    expect((await letters(id)).items).toMatchObject([{ event: 7 }, { event: 9 }]);

    expect((await ask('DELETE', `${HOOKS}/${id}/dead-letters/7`)).status).toBe(204);
    expect((await ask('DELETE', `${HOOKS}/${id}/dead-letters/7`)).status).toBe(404);
    expect((await retry(7)).status).toBe(404);
    expect((await letters(id)).items).toMatchObject([{ event: 9 }]);
  });
});
