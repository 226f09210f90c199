import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calendarProvider, microsoftSignIn } from '../../src/adapters/calendar/registry.ts';
import type { CalendarEvent } from '../../src/core/calendarEvent.ts';
import type { PartialViewError } from '../../src/core/partialView.ts';
import type { SignedIn } from '../../src/ports/signIn.ts';
import { ADA, type EventInput } from '../../src/sandbox/index.ts';
import { type CalendarSandbox, calendarSandbox } from './calendar-worlds.ts';

const window = { start: Date.parse('2026-01-05T00:00:00Z'), end: Date.parse('2026-01-06T00:00:00Z') };
const signal = new AbortController().signal;
const GRACE = {
  ...ADA,
  username: 'grace@contoso.example',
  name: 'Grace Hopper',
  oid: '1b0c2f9a-2f4e-4f39-8f9e-0d5f4a1b7c11',
};
const PROJECT = 'AAMkProject=';
const TEAM = 'AAMkTeam=';
const OF_GRACE = `users/${GRACE.username}`;

let world: CalendarSandbox;
let own: SignedIn;
let shared: SignedIn;

const signIn = (id: string, calendars: readonly string[]) =>
  microsoftSignIn(world.deps).interactive(id, ADA.username, signal, { calendars });
const provider = (calendars: string[], id = 'shared') =>
  calendarProvider({ id, provider: 'microsoft365', calendars, ...(id === 'own' ? own : shared) }, world.deps);
const view = (calendars: string[], id?: string) => provider(calendars, id).calendarView(window, 'UTC', signal);
const partial = async (running: Promise<unknown>) =>
  (await running.catch((error: unknown) => error)) as PartialViewError;
const names = (events: readonly CalendarEvent[]) => events.map(({ subject }) => subject).sort();
const put = (subject: string, more: Partial<EventInput> = {}) =>
  world.sandbox.graph.addEvent({
    subject,
    start: new Date('2026-01-05T09:00:00Z'),
    end: new Date('2026-01-05T10:00:00Z'),
    ...more,
  });
const paths = () =>
  world.sandbox.exchanges.filter(({ service }) => service === 'graph').map(({ path }) => decodeURIComponent(path));
const scopesOf = (address: string | undefined) => new URL(address ?? '').searchParams.get('scope')?.split(' ') ?? [];

beforeAll(async () => {
  world = await calendarSandbox({ accounts: [ADA, GRACE] });
  own = await signIn('own', []);
  shared = await signIn('shared', [OF_GRACE]);
});
beforeEach(() => {
  const { graph } = world.sandbox;
  graph.clear();
  graph.clearFaults();
  world.sandbox.clearExchanges();
  graph.addCalendar({ id: PROJECT, name: 'Project' });
  graph.addCalendar({ id: TEAM, name: 'Team', owner: { name: GRACE.name, address: GRACE.username } });
  graph.share(GRACE.username, ADA.username);
});
afterAll(() => world.close());

describe('the calendars of a Microsoft 365 account', () => {
  it('asks for the permission to read others’ only where one is chosen', () => {
    expect(scopesOf(world.opened[0])).not.toContain('Calendars.Read.Shared');
    expect(scopesOf(world.opened[1])).toContain('Calendars.Read.Shared');
  });

  it('are listed with their names, the shared ones with whose they are', async () => {
    const listed = await provider([], 'own').calendars?.(signal);
    expect(listed).toEqual([
      { id: 'AAMkDefaultCalendar=', name: 'Calendar', isDefault: true },
      { id: PROJECT, name: 'Project', isDefault: false },
      { id: `shared/${TEAM}`, name: 'Team (Grace Hopper)', isDefault: false },
    ]);
    expect(world.findings()).toEqual([]);
  });

  it('none chosen is the default one; chosen ones are read, and no other', async () => {
    put('mine');
    put('project', { calendar: PROJECT });
    put('team', { calendar: TEAM });
    put("Grace's", { account: GRACE.username });
    expect(names(await view([], 'own'))).toEqual(['mine']);
    expect(names(await view([PROJECT], 'own'))).toEqual(['project']);
    expect(names(await view(['AAMkDefaultCalendar=', PROJECT, `shared/${TEAM}`, OF_GRACE]))).toEqual([
      "Grace's",
      'mine',
      'project',
      'team',
    ]);
    expect(new Set(paths())).toEqual(
      new Set([
        '/v1.0/me/calendarView',
        `/v1.0/me/calendars/${PROJECT}/calendarView`,
        '/v1.0/me/calendars/AAMkDefaultCalendar=/calendarView',
        `/v1.0/me/calendars/${TEAM}/calendarView`,
        `/v1.0/users/${GRACE.username}/calendarView`,
      ]),
    );
    expect(world.findings()).toEqual([]);
  });

  it('another calendar of somebody is found by their address and its id', async () => {
    world.sandbox.graph.addCalendar({ id: 'AAMkGrace2=', name: 'Second', account: GRACE.username });
    put('second', { account: GRACE.username, calendar: 'AAMkGrace2=' });
    expect(names(await view([`${OF_GRACE}/calendars/AAMkGrace2=`]))).toEqual(['second']);
    expect(world.findings()).toEqual([]);
  });

  it('one that is gone is named, and does not spoil the others or look free', async () => {
    put('mine');
    put('project', { calendar: PROJECT });
    const mine = provider(['AAMkDefaultCalendar=', PROJECT]);
    expect(names(await mine.calendarView(window, 'UTC', signal))).toEqual(['mine', 'project']);
    world.sandbox.graph.fail({ match: { path: `/v1.0/me/calendars/${PROJECT}` }, status: 404, body: {} });
    put('new');
    const error = await partial(mine.calendarView(window, 'UTC', signal));
    expect(error).toMatchObject({ code: 'notFound', isWhole: true });
    expect(error.message).toMatch(/^The calendar "Project" was not read\./);
    expect(names(error.events)).toEqual(['mine', 'new', 'project']);
  });

  it('one that is not shared any more is said, by whose it is', async () => {
    world.sandbox.graph.clear();
    put('mine');
    const error = await partial(view(['AAMkDefaultCalendar=', OF_GRACE]));
    expect(error).toMatchObject({ code: 'forbidden', isWhole: false });
    expect(error.message).toContain(GRACE.username);
    expect(names(error.events)).toEqual(['mine']);
  });

  it('a sign-in that was for less still reads the person’s own, and says what is missing', async () => {
    put('mine');
    const error = await partial(view(['AAMkDefaultCalendar=', OF_GRACE], 'own'));
    expect(error).toMatchObject({ code: 'forbidden', reason: 'consentRequired', isWhole: false });
    expect(names(error.events)).toEqual(['mine']);
  });

  it('53: the longest wait holds for all of them', async () => {
    const path = `/v1.0/me/calendars/${PROJECT}`;
    world.sandbox.graph.fail({ match: { path }, status: 429, headers: { 'retry-after': '60' }, body: {} });
    expect(await partial(view(['AAMkDefaultCalendar=', PROJECT]))).toMatchObject({
      code: 'rateLimited',
      retryAfter: 60_000,
    });
  });

  it('no more than four are asked at once', async () => {
    const ids = Array.from({ length: 9 }, (_, index) => `AAMk${index}=`);
    for (const id of ids) world.sandbox.graph.addCalendar({ id, name: id });
    let open = 0;
    let most = 0;
    const fetch: typeof world.deps.fetch = async (url, init) => {
      open += 1;
      most = Math.max(most, open);
      try {
        return await world.deps.fetch(url, init);
      } finally {
        open -= 1;
      }
    };
    const many = calendarProvider(
      { id: 'own', provider: 'microsoft365', calendars: ids, ...own },
      { ...world.deps, fetch },
    );
    expect(await many.calendarView(window, 'UTC', signal)).toEqual([]);
    expect(most).toBeLessThanOrEqual(4);
    expect(paths()).toHaveLength(9);
  });
});
