import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteWord } from '../../src/core/remoteWord.ts';
import { openWords, SOON, type WordsWorld } from './hub-words-world.ts';

const MEETING = { state: 'dnd', text: 'In a meeting', source: 'app' };
const FREE = { state: 'available', text: '' };

let world: WordsWorld;
beforeEach(async () => {
  world = await openWords();
});
afterEach(async () => {
  const { log, hub, token } = world;
  await world.close();
  for (const line of [...log.lines, ...hub.log]) {
    expect(line).not.toContain('Deep work');
    expect(line).not.toContain(token);
  }
});

const busyUntil = () => world.settings.get().overrides.busy?.until ?? null;
describe('a word said in the hub, with the app running', () => {
  it('"busy" shows in every chat within two seconds, and at its end what was there before', async () => {
    await world.setsInHub({ state: 'away', text: 'At home' });
    await world.startApp();
    await world.says({ kind: 'busy', minutes: 30, text: 'Deep work' });
    await world.bothShow('Deep work', { state: 'dnd', text: 'Deep work', source: 'app' });
    await world.leap(31);
    await world.bothShow('', { state: 'away', text: 'At home' });
    expect(busyUntil()).toBeNull();
  });

  it('"busy" without words shows the usual ones, and the menu can end it', async () => {
    await world.startApp();
    await world.says({ kind: 'busy', minutes: 30 });
    await world.bothShow('In a meeting', MEETING);
    world.word().notBusy();
    await world.bothShow('', FREE);
  });

  it('"busy" within a meeting goes over it, and then back to it', async () => {
    world.meets([-10, 60]);
    await world.startApp();
    await world.bothShow('In a meeting', MEETING);
    await world.says({ kind: 'busy', minutes: 30, text: 'Deep work' });
    await world.bothShow('Deep work', { state: 'dnd', text: 'Deep work', source: 'app' });
    await world.leap(31);
    await world.bothShow('In a meeting', MEETING);
    await world.leap(61);
    await world.bothShow('', FREE);
  });

  it('"busy" that ends within a meeting that has begun meanwhile shows the meeting then', async () => {
    world.meets([15, 60]);
    await world.startApp();
    await world.says({ kind: 'busy', minutes: 30, text: 'Deep work' });
    await world.bothShow('Deep work', { text: 'Deep work', source: 'app' });
    await world.leap(20);
    await world.bothShow('Deep work', { text: 'Deep work', source: 'app' });
    await world.leap(31);
    await world.bothShow('In a meeting', MEETING);
    await world.leap(61);
    await world.bothShow('', FREE);
  });

  it('"available" ends the meeting under way and "busy", and the next meeting counts', async () => {
    world.meets([-10, 30], [30, 60]);
    await world.startApp();
    await world.says({ kind: 'busy', minutes: 20, text: 'Deep work' });
    await world.bothShow('Deep work', { text: 'Deep work', source: 'app' });
    await world.says({ kind: 'available' });
    await world.bothShow('', FREE);
    expect(busyUntil()).toBeNull();
    await world.leap(25);
    await world.bothShow('', FREE);
    await world.leap(31);
    await world.bothShow('In a meeting', MEETING);
    await world.leap(61);
    await world.bothShow('', FREE);
  });

  it('"available" leaves a text of the person’s own', async () => {
    await world.setsInHub({ state: 'available', text: 'At home' });
    world.meets([-10, 30]);
    await world.startApp();
    await world.bothShow('In a meeting', { state: 'dnd', text: 'At home' });
    await world.says({ kind: 'available' });
    await world.bothShow('', { state: 'available', text: 'At home' });
    await world.says({ kind: 'available' });
    await world.leap(31);
    await world.bothShow('', { state: 'available', text: 'At home' });
  });

  it('"pause" gives back what is ours and leaves the person’s, until its end', async () => {
    await world.setsInHub({ state: 'away', text: 'At home' });
    world.meets([-10, 120]);
    await world.startApp();
    await world.bothShow('In a meeting', { state: 'dnd' });
    await world.says({ kind: 'pause', minutes: 60 });
    await world.bothShow('', { state: 'away', text: 'At home' });
    expect(world.settings.get().pausedUntil).not.toBeNull();
    await world.leap(30);
    await world.bothShow('', { state: 'away', text: 'At home' });
    await world.leap(61);
    await world.bothShow('In a meeting', { state: 'dnd' });
    await world.leap(121);
    await world.bothShow('', { state: 'away', text: 'At home' });
  });

  it('"resume" ends a pause before its time', async () => {
    world.meets([-10, 120]);
    await world.startApp();
    await world.says({ kind: 'pause', minutes: 60 });
    await world.bothShow('', FREE);
    await world.says({ kind: 'resume' });
    await world.bothShow('In a meeting', MEETING);
    // The same word again is a word again.
    world.word().pause('forever');
    await world.bothShow('', FREE);
    await world.says({ kind: 'resume' });
    await world.bothShow('In a meeting', MEETING);
  });

  it('several words at once are obeyed in their order', async () => {
    world.meets([-10, 60]);
    await world.startApp();
    await world.says({ kind: 'available' });
    await world.says({ kind: 'pause', minutes: 10 });
    await world.says({ kind: 'busy', minutes: 30, text: 'Deep work' });
    await world.says({ kind: 'resume' });
    await world.bothShow('Deep work', { text: 'Deep work', source: 'app' });
    await world.leap(31);
    await world.bothShow('', FREE);
  });
});

describe('a word said in the hub, with the app off', () => {
  it('"busy" shows in the hub, and in every chat once the app runs', async () => {
    await world.says({ kind: 'busy', minutes: 30, text: 'Deep work' });
    expect(await world.inHub()).toMatchObject({ state: 'dnd', text: 'Deep work', reporting: true });
    await world.leap(20);
    expect(await world.inHub()).toMatchObject({ state: 'dnd', text: 'Deep work', reporting: true });
    await world.startApp();
    await world.bothShow('Deep work', { text: 'Deep work', source: 'app' });
    await world.leap(31);
    await world.bothShow('', FREE);
  });

  it('"busy" that is over is no news', async () => {
    await world.says({ kind: 'busy', minutes: 30, text: 'Deep work' });
    await world.leap(31);
    await expect.poll(world.inHub, { timeout: SOON }).toMatchObject({ state: 'offline', text: '' });
    await world.startApp();
    await world.bothShow('', FREE);
    expect(busyUntil()).toBeNull();
  });

  it('all that was said while it was off is obeyed, also over a claim that a crash has left', async () => {
    world.meets([-10, 60]);
    await world.startApp();
    await world.bothShow('In a meeting', MEETING);
    await world.crashApp();
    await world.says({ kind: 'available' });
    await world.says({ kind: 'pause', minutes: 20 });
    expect(await world.inHub()).toMatchObject(FREE);
    await world.leap(5);
    await world.startApp();
    await world.bothShow('', FREE);
    expect(world.settings.get().pausedUntil).not.toBeNull();
    await world.leap(21);
    await world.bothShow('', FREE);
    await world.leap(61);
    await world.bothShow('', FREE);
  });

  it('"available" is about the meeting that was on, and not about one that has begun since', async () => {
    world.meets([-10, 20], [25, 60]);
    await world.says({ kind: 'available' });
    await world.leap(30);
    await world.startApp();
    await world.bothShow('In a meeting', MEETING);
    await world.leap(61);
    await world.bothShow('', FREE);
  });
});

describe('each word is obeyed once', () => {
  it('also when the person has said something else in the app, and it starts again', async () => {
    world.meets([-10, 120]);
    await world.startApp();
    await world.says({ kind: 'busy', minutes: 60, text: 'Deep work' });
    await world.bothShow('Deep work', { text: 'Deep work' });
    await world.says({ kind: 'pause', minutes: 60 });
    await expect.poll(() => world.settings.get().pausedUntil, { timeout: SOON }).not.toBeNull();
    world.word().resume();
    world.word().notBusy();
    await world.bothShow('In a meeting', MEETING);
    await world.crashApp();
    await world.startApp();
    await world.bothShow('In a meeting', MEETING);
    expect([busyUntil(), world.settings.get().pausedUntil]).toEqual([null, null]);
  });

  it('also where the hub was away in between, and nothing said meanwhile is lost', async () => {
    await world.startApp();
    await world.says({ kind: 'busy', minutes: 60, text: 'Deep work' });
    await world.bothShow('Deep work', { text: 'Deep work' });
    world.word().notBusy();
    await world.bothShow('', FREE);
    await world.restartHub();
    await world.says({ kind: 'pause', minutes: 60 });
    await expect.poll(() => world.settings.get().pausedUntil, { timeout: 2 * SOON }).not.toBeNull();
    expect(busyUntil()).toBeNull();
  });

  it('and is heard with a new token where the old one was taken back', async () => {
    await world.startApp();
    await world.hub.hub.tokens.revoke(world.token.split('_')[1] ?? '');
    await world.newToken();
    const admin = await world.hub.token(['admin']);
    const body = JSON.stringify({ kind: 'busy', minutes: 30, text: 'Deep work' });
    await world.hub.ask('/api/v1/people/ada@example.com/word', admin, { method: 'POST', body });
    await expect.poll(world.inSlack, { timeout: SOON }).toBe('Deep work');
  });
});

describe('the person’s own last word', () => {
  it('holds in the hub after a command as ever', async () => {
    await world.startApp();
    await world.says({ kind: 'busy', minutes: 30, text: 'Deep work' });
    await world.bothShow('Deep work', { text: 'Deep work', source: 'app' });
    await world.setsInHub({ state: 'away', text: 'Dentist' });
    await world.leap(5);
    await world.bothShow('Deep work', { state: 'away', text: 'Dentist' });
    await world.leap(31);
    await world.bothShow('', { state: 'away', text: 'Dentist' });
  });
});

describe('POST /people/{person}/word', () => {
  const post = (token: string, body: object, who = 'me') =>
    world.hub.ask(`/api/v1/people/${who}/word`, token, { method: 'POST', body: JSON.stringify(body) });
  const words = async () => {
    const answer = await world.hub.ask('/api/v1/people/me/words', world.token);
    return ((await answer.json()) as { items: RemoteWord[] }).items;
  };

  it('lets people say their own, and an admin everybody’s', async () => {
    const bob = await world.hub.person('Bob');
    const [read, admin] = [await world.hub.token(['read']), await world.hub.token(['admin'])];
    const asked: readonly (readonly [string, string, number])[] = [
      [world.token, 'me', 200],
      [world.token, world.person, 200],
      [world.token, bob, 403],
      [read, bob, 403],
      [admin, bob, 200],
      [admin, 'nobody@example.com', 404],
    ];
    for (const [token, who, status] of asked) {
      expect((await post(token, { kind: 'available' }, who)).status, who).toBe(status);
    }
    expect((await world.hub.ask(`/api/v1/people/${bob}/words`, world.token)).status).toBe(403);
  });

  it.each([
    [{ kind: 'busy' }],
    [{ kind: 'pause' }],
    [{ kind: 'busy', minutes: 0 }],
    [{ kind: 'busy', minutes: 1_441 }],
    [{ kind: 'busy', minutes: 5, until: '2100-01-01T00:00:00Z' }],
    [{ kind: 'pause', until: '2100-01-01T00:00:00Z' }],
    [{ kind: 'pause', until: '2000-01-01T00:00:00Z' }],
    [{ kind: 'busy', minutes: 5, text: 'x'.repeat(201) }],
    [{ kind: 'busy', minutes: 5, text: 'two\nlines' }],
    [{ kind: 'available', minutes: 5 }],
    [{ kind: 'sleep' }],
  ])('refuses %j, and says why', async (body) => {
    const answer = await post(world.token, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'invalidInput', message: expect.any(String) } });
    expect(await words()).toEqual([]);
  });

  it('tells an app that was off what still counts, oldest first', async () => {
    await world.setsInHub({ state: 'away', text: 'At home' });
    await post(world.token, { kind: 'busy', minutes: 10, text: 'Deep work' });
    await post(world.token, { kind: 'pause', minutes: 30 });
    await post(world.token, { kind: 'resume' });
    await world.setsInHub({ state: 'away', text: 'At home' });
    const kinds = async () => (await words()).map(({ kind, text }) => `${kind} ${text}`.trim());
    expect(await kinds()).toEqual(expect.arrayContaining(['busy Deep work', 'pause', 'resume']));
    await world.leap(20);
    expect(await kinds()).toEqual(['pause', 'resume']);
    await world.leap(90);
    expect(await kinds()).toEqual([]);
  });

  it('is never a shorter report than there was, and keeps what was planned and shown', async () => {
    const { hub } = world.hub;
    const farAhead = world.at(600);
    const day = [{ start: world.at(-10), end: world.at(20), state: 'dnd' as const }];
    const shown = { state: 'dnd' as const, text: 'In a meeting', emoji: '', until: world.at(20) };
    await hub.presences.say(world.person, shown, { source: 'calendar', day, reportedUntil: farAhead });
    for (const body of [{ kind: 'pause', minutes: 5 }, { kind: 'resume' }]) {
      expect((await post(world.token, body)).status).toBe(200);
      expect(await hub.store.record(world.person)).toMatchObject({
        said: { ...shown, source: 'calendar' },
        day,
        reportedUntil: farAhead,
      });
    }
    await post(world.token, { kind: 'available' });
    // No longer than the meeting that it is about.
    expect(await hub.store.record(world.person)).toMatchObject({
      said: { state: 'available', until: world.at(20), source: 'command.available' },
      reportedUntil: farAhead,
    });
    await post(world.token, { kind: 'busy', minutes: 30 });
    expect(await hub.store.record(world.person)).toMatchObject({ said: { state: 'dnd' }, reportedUntil: farAhead });
  });
});
