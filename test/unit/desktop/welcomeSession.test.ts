import { describe, expect, it } from 'vitest';
import { CHAT_CAPABILITIES } from '../../../src/adapters/chat/registry.ts';
import { secretName } from '../../../src/core/accountSecrets.ts';
import { type Account, accountLabel, type ProviderName } from '../../../src/core/accounts.ts';
import { AppError } from '../../../src/core/appError.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { entryOf } from '../../../src/core/providerCatalogue.ts';
import { isSetupLeft } from '../../../src/core/setup.ts';
import { ENGLISH } from '../../../src/core/texts.ts';
import { type WelcomeView, welcomeView } from '../../../src/desktop/ipc/welcomeView.ts';
import { WelcomeSession } from '../../../src/desktop/main/welcomeSession.ts';
import { Accounts } from '../../../src/engine/accounts.ts';
import { PersonsWord } from '../../../src/engine/personsWord.ts';
import { SyncEngine } from '../../../src/engine/syncEngine.ts';
import { SyncTriggers } from '../../../src/engine/syncTriggers.ts';
import type { SecretStore } from '../../../src/ports/secretStore.ts';
import { marks } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { FakeChat } from '../../fakes/fakeChat.ts';
import { FakeClock, settle } from '../../fakes/fakeClock.ts';
import { MemoryClaims, MemoryLogger, MemorySecrets, MemorySettings } from '../../fakes/memoryStores.ts';

const ADDRESS = 'https://calendar.example.com/right.ics';
const ORGANISATION = { graphClientId: 'app', helpDeskUrl: 'https://help.example.com/' };

interface WorldOptions {
  readonly user?: Record<string, unknown>;
  readonly managed?: Record<string, unknown>;
  readonly events?: readonly CalendarEvent[];
}

/** The engine and the accounts as they are, on services in memory that take every secret with "right" in it. */
async function world({ user = {}, managed = {}, events = [meeting('10:00', '11:00')] }: WorldOptions = {}) {
  const clock = new FakeClock(at('09:57'));
  const settings = new MemorySettings(user, { organisation: ORGANISATION, ...managed });
  const secrets = new MemorySecrets();
  const logger = new MemoryLogger();
  const trouble: { read: AppError | null } = { read: null };
  const chats = new Map<string, FakeChat>();
  const check = async (account: Account, store: SecretStore) => {
    if (trouble.read !== null) throw trouble.read;
    const secret = await store.get(secretName(account));
    if (secret === null) throw new AppError('unauthorized', 'Nothing was given yet.', { reason: 'noSecret' });
    if (!secret.includes('right')) throw new AppError('unauthorized', 'The token was not accepted.');
  };
  const chatOf = (account: Account): FakeChat => {
    const known = chats.get(account.id) ?? new FakeChat({ accountId: account.id, now: () => clock.now() });
    chats.set(account.id, known);
    return known;
  };
  const providers = {
    chat: (account: Account, store: SecretStore) => {
      const chat = chatOf(account);
      const guarded = async <T>(call: () => Promise<T>): Promise<T> => {
        await check(account, store);
        return call();
      };
      return {
        accountId: account.id,
        label: accountLabel(account),
        capabilities: chat.capabilities,
        read: (signal: AbortSignal) => guarded(() => chat.read(signal)),
        write: (...given: Parameters<FakeChat['write']>) => guarded(() => chat.write(...given)),
      };
    },
    calendar: (account: Account, store: SecretStore) => ({
      accountId: account.id,
      label: accountLabel(account),
      calendarView: async (_window: unknown, _zone: unknown, signal: AbortSignal) => {
        await check(account, store);
        signal.throwIfAborted();
        return events;
      },
    }),
  };
  const signIn = (provider: ProviderName) =>
    entryOf(provider).signIn !== 'browser'
      ? null
      : {
          interactive: async (id: string) => {
            await secrets.set({ kind: 'msalcache', account: id }, 'right');
            return { homeAccountId: 'home', username: 'ada@example.com' };
          },
          deviceCode: () => Promise.reject(new AppError('timeout', 'The code has expired.')),
          signOut: async () => {},
        };
  const engine = new SyncEngine({ settings, secrets, providers, claims: new MemoryClaims(), clock, logger });
  const accounts = new Accounts({
    settings,
    secrets,
    providers,
    signIn,
    clock,
    onRenewed: (id) => engine.renew(id),
    onLeft: ({ id }) => engine.left(id),
  });
  const triggers = new SyncTriggers({
    engine,
    clock,
    cadence: marks(clock),
    settings,
    systemEvents: { subscribe: () => () => {} },
    logger,
  });
  await engine.start();
  triggers.start();
  void engine.refresh();
  await settle();
  const seen: string[] = [];
  const open = () => {
    const views: WelcomeView[] = [];
    let isReady = false;
    const session: WelcomeSession = new WelcomeSession({
      prompts: {
        work: {
          email: (address, signal) => accounts.changeEmail(address, signal),
          statusMessage: async () => {},
          add: (...given) => accounts.add(...given),
          renew: (...given) => accounts.renew(...given),
          remove: (id) => accounts.remove(id),
          calendars: async () => [],
          chooseCalendars: async () => {},
        },
        speech: () => ENGLISH,
        canSignIn: (provider) => signIn(provider) !== null,
        opener: { openAddress: async (url) => void seen.push(url) },
        copy: () => {},
        logger,
      },
      settings,
      engine,
      look: (id, signal) => accounts.look(id, signal),
      word: new PersonsWord({ engine, settings, clock }),
      clock,
      capabilities: CHAT_CAPABILITIES,
      startSample: () => seen.push('sample'),
      checkConnections: () => seen.push('checks'),
      onChange: () => void (isReady && views.push(welcomeView.parse(session.view()))),
      onEnd: () => seen.push('end'),
    });
    isReady = true;
    const act = async (...actions: Parameters<typeof session.act>[0][]) => {
      for (const action of actions) {
        session.act(action);
        await settle();
      }
      return session.view();
    };
    return { session, act, views };
  };
  const isLeft = () => isSetupLeft(settings.get(), settings.locked(), engine.state());
  return { open, settings, secrets, engine, clock, chats, trouble, seen, isLeft, logger };
}

const submit = (answer: Record<string, string>) => ({ kind: 'submit', answer }) as const;
const choose = (provider: ProviderName) => ({ kind: 'choose', provider }) as const;
const steps = ({ steps: all }: WelcomeView) => all.map(({ isDone }) => isDone);
const title = ({ body }: WelcomeView) => (body.kind === 'form' ? body.prompt.title : body.kind);
const check = ({ body }: WelcomeView) => (body.kind === 'connected' ? body.accounts.map((one) => one.check) : []);

/** Somebody who has an account of each, and their secrets. */
const ACCOUNTS = {
  calendars: [{ id: 'microsoft365', provider: 'microsoft365' }],
  chats: [{ id: 'hipchat', provider: 'hipchat' }],
};

async function setUp(more: Record<string, unknown> = {}, managed: Record<string, unknown> = {}) {
  const made = await world({ user: { email: 'ada@example.com', ...ACCOUNTS, ...more }, managed });
  await made.secrets.set({ kind: 'msalcache', account: 'microsoft365' }, 'right');
  await made.secrets.set({ kind: 'hctoken', account: 'ada@example.com' }, 'right');
  await Promise.all(['microsoft365', 'hipchat'].map((id) => made.engine.renew(id)));
  await settle();
  return made;
}

describe('the first start', () => {
  it('goes from calendar to chat to the trial, and asks for the address where a chat needs it', async () => {
    const { open, settings, isLeft, seen } = await world();
    const { session, act } = open();
    expect(settings.get().welcome).toBe('begun');
    expect(session.view()).toMatchObject({ step: 'calendar', body: { kind: 'choose', canGoBack: false } });
    expect(title(await act(choose('ics')))).toBe('Enter the address of your published calendar');
    const connected = await act(submit({ address: ADDRESS }));
    expect(check(connected)).toEqual([{ kind: 'calendar', events: 1, next: at('10:00') }]);
    expect(steps(connected)).toEqual([true, false, false]);
    expect(settings.get().email).toBe('');
    expect(title(await act({ kind: 'goTo', step: 'chat' }))).toBe('choose');
    const address = await act(choose('hipchat'));
    expect(address.body).toMatchObject({ kind: 'form', service: 'HipChat', address: null });
    expect(title(address)).toBe('Enter your email address');
    const token = await act(submit({ value: 'ada@example.com' }));
    expect(title(token)).toBe('Enter your HipChat API token');
    expect(token.body).toMatchObject({ address: { email: 'ada@example.com', isLocked: false } });
    const refused = await act(submit({ token: 'wrong' }));
    expect(refused.body).toMatchObject({ prompt: { error: 'The token was not accepted.' }, hasHelpDesk: true });
    const shown = await act(submit({ token: 'right' }));
    expect(check(shown)).toEqual([{ kind: 'chat', state: 'available', text: '' }]);
    const last = await act({ kind: 'goTo', step: 'try' });
    expect(last.body).toMatchObject({
      kind: 'try',
      chats: [
        {
          id: 'hipchat',
          plan: [{ start: at('10:00'), end: at('11:00'), state: 'dnd', text: 'In a meeting' }],
          isOurs: false,
        },
      ],
      trial: { phase: 'ready' },
    });
    expect(isLeft()).toBe(true);
    await act({ kind: 'done' });
    expect([settings.get().welcome, seen, isLeft()]).toEqual(['done', ['end'], false]);
  });

  it('takes the address from the sign-in, and asks nobody for it', async () => {
    const { open, settings } = await world();
    const { act } = open();
    const form = await act(choose('microsoft365'));
    expect(title(form)).toBe('Sign in to Microsoft 365');
    expect(form.body).toMatchObject({ prompt: { submitLabel: 'Sign in', actions: [{ id: 'useDeviceCode' }] } });
    expect(check(await act(submit({})))).toMatchObject([{ kind: 'calendar' }]);
    expect(settings.get().email).toBe('ada@example.com');
    await act({ kind: 'goTo', step: 'chat' });
    expect(title(await act(choose('hipchat')))).toBe('Enter your HipChat API token');
  });

  it('offers first what can be used, and says what the organisation has to set up', async () => {
    const offered = async (organisation: Record<string, unknown>) => {
      const { body } = (await world({ managed: { organisation } })).open().session.view();
      return body.kind === 'choose' ? body.providers.map(({ provider, isReady }) => [provider, isReady]) : [];
    };
    expect(await offered({ graphClientId: 'app' })).toEqual([
      ['microsoft365', true],
      ['caldav', true],
      ['ics', true],
      ['google', false],
    ]);
    expect((await offered({})).slice(2)).toEqual([
      ['microsoft365', false],
      ['google', false],
    ]);
  });

  it('offers the ways round only where something went wrong', async () => {
    const { open, trouble, seen } = await world();
    const { act } = open();
    await act(choose('microsoft365'));
    const failed = await act({ kind: 'prompt', action: 'useDeviceCode' });
    expect(failed.body).toMatchObject({
      prompt: {
        error: 'The code has expired.',
        actions: [{ id: 'useDeviceCode' }, { id: 'use:ics' }, { id: 'choose:calendar' }],
      },
    });
    await act({ kind: 'checks' }, { kind: 'helpDesk' });
    expect(seen).toEqual(['checks', ORGANISATION.helpDeskUrl]);
    expect(title(await act({ kind: 'prompt', action: 'use:ics' }))).toBe(
      'Enter the address of your published calendar',
    );
    expect(title(await act({ kind: 'back' }))).toBe('choose');
    trouble.read = new AppError('network', 'Not reachable.');
    await act(choose('ics'));
    expect((await act(submit({ address: ADDRESS }))).body).toMatchObject({ prompt: { error: 'Not reachable.' } });
  });

  it('leads to sample data from everywhere', async () => {
    const { open, seen } = await world();
    const { act } = open();
    expect((await act({ kind: 'sample' })).hasSample).toBe(true);
    expect(seen).toEqual(['sample']);
  });
});

describe('closing and going on', () => {
  it('goes on at the same step, with nothing lost', async () => {
    const { open, isLeft } = await world();
    const first = open();
    await first.act(choose('ics'), submit({ address: ADDRESS }), { kind: 'close' });
    const second = open();
    expect(second.session.view()).toMatchObject({ step: 'chat', body: { kind: 'choose' } });
    await second.act(choose('mattermost'), submit({ server: 'chat.example.com', token: 'right' }));
    second.session.stop();
    expect(isLeft()).toBe(true);
    expect(open().session.view()).toMatchObject({ step: 'try', body: { kind: 'try' } });
  });

  it('drops what was being tried when the window goes', async () => {
    const { open, seen, settings } = await world();
    const { session, views } = open();
    session.act(choose('ics'));
    session.act(submit({ address: ADDRESS }));
    session.stop();
    const shown = views.length;
    await settle();
    expect([views.length, settings.get().calendars, seen]).toEqual([shown, [], []]);
  });
});

describe('a managed configuration', () => {
  const managed = { ...ACCOUNTS, organisation: ORGANISATION };

  it('leaves only the sign-ins to do', async () => {
    const { open, isLeft, settings } = await world({ managed: { ...managed, email: 'ada@example.com' } });
    expect(isLeft()).toBe(true);
    const { session, act } = open();
    expect(session.view().body).toMatchObject({ kind: 'form', isGiven: true, service: 'Microsoft 365' });
    const connected = await act(submit({}));
    expect(connected.body).toMatchObject({ kind: 'connected', canAdd: false, canGoOn: true });
    const chat = await act({ kind: 'goTo', step: 'chat' });
    expect(chat.body).toMatchObject({ kind: 'form', isGiven: true, address: { isLocked: true } });
    expect(steps(await act(submit({ token: 'right' })))).toEqual([true, true, false]);
    expect(settings.get().chats).toMatchObject(ACCOUNTS.chats);
  });

  it('begins at the step that is left, with the others done', async () => {
    const { open, secrets, engine } = await world({ managed: { ...managed, email: 'ada@example.com' } });
    await secrets.set({ kind: 'msalcache', account: 'microsoft365' }, 'right');
    await engine.renew('microsoft365');
    const view = open().session.view();
    expect([view.step, steps(view)]).toEqual(['chat', [true, false, false]]);
  });

  it('has nothing to show where nothing is left', async () => {
    expect((await setUp({}, ACCOUNTS)).isLeft()).toBe(false);
    expect((await setUp()).isLeft()).toBe(false);
  });

  it('asks for the address where it is all that is missing', async () => {
    const { open, secrets, isLeft } = await world({ managed });
    await secrets.set({ kind: 'msalcache', account: 'microsoft365' }, 'right');
    expect(isLeft()).toBe(true);
    const { act } = open();
    await act(submit({}));
    expect((await act({ kind: 'goTo', step: 'chat' })).body).toMatchObject({ kind: 'form', isGiven: true });
  });

  it('is not what a token is that one has lost later', async () => {
    const { isLeft, secrets, engine } = await setUp();
    await secrets.delete({ kind: 'hctoken', account: 'ada@example.com' });
    await engine.renew('hipchat');
    expect(isLeft()).toBe(false);
  });

  it('locks what it has set', async () => {
    const { open } = await setUp({ welcome: 'begun' }, { launchAtLogin: true, notifications: { status: false } });
    expect(open().session.view().body).toMatchObject({
      launchAtLogin: { isOn: true, isLocked: true },
      notifications: { isOn: false, isLocked: true },
    });
  });
});

describe('a check', () => {
  it.each([
    [new AppError('network', 'Not reachable.'), 'checks'],
    [new AppError('unauthorized', 'Refused.'), 'renew'],
    [new AppError('notFound', 'Not known.'), 'email'],
    [new AppError('forbidden', 'Not allowed.', { reason: 'notAllowed' }), 'helpDesk'],
  ])('that fails names the next step: %s', async (error, fix) => {
    const { open, trouble, engine } = await setUp({ welcome: 'begun' });
    const { act } = open();
    trouble.read = error;
    await engine.refresh();
    expect(check(await act({ kind: 'goTo', step: 'chat' }))).toEqual([{ kind: 'failed', message: error.message, fix }]);
    trouble.read = null;
    expect(check(await act({ kind: 'check', account: 'hipchat' }))).toMatchObject([{ kind: 'chat' }]);
  });

  it('leads to the form of its account, and back to the accounts', async () => {
    const { open } = await setUp({ welcome: 'begun' });
    const { act } = open();
    await act({ kind: 'goTo', step: 'chat' });
    expect(title(await act({ kind: 'renew', account: 'hipchat' }))).toBe('Enter your HipChat API token');
    expect(title(await act({ kind: 'back' }))).toBe('connected');
    expect(title(await act({ kind: 'email' }))).toBe('Enter your email address');
    expect(title(await act(submit({ value: 'ada@example.com' })))).toBe('connected');
  });
});

describe('the trial', () => {
  const trial = ({ body }: WelcomeView) => (body.kind === 'try' ? body.trial : null);

  it('shows the person as busy for a minute, and says when their own is back', async () => {
    const { open, clock, chats } = await setUp({ welcome: 'begun' });
    const { session, act, views } = open();
    const shown = () => chats.get('hipchat')?.shown;
    expect(trial(await act({ kind: 'tryIt' }))).toEqual({ phase: 'shown', because: null, until: at('09:58') });
    expect(shown()).toMatchObject({ state: 'dnd', text: 'In a meeting' });
    await clock.advanceTo(at('09:58') + 2_000);
    expect(trial(session.view())).toEqual({ phase: 'over', because: null, until: null });
    expect(shown()).toMatchObject({ state: 'available', text: '' });
    expect(views.flatMap((view) => trial(view)?.phase ?? [])).toEqual(
      expect.arrayContaining(['starting', 'shown', 'over']),
    );
  });

  it('ends when the person says so, and can be had again', async () => {
    const { open, settings } = await setUp({ welcome: 'begun' });
    const { act } = open();
    await act({ kind: 'tryIt' });
    expect(trial(await act({ kind: 'stopTrying' }))?.phase).toBe('over');
    expect(settings.get().overrides.busy).toBeNull();
    expect(trial(await act({ kind: 'tryIt' }))?.phase).toBe('shown');
  });

  it.each([
    [{ pausedUntil: 'forever' }, {}, 'paused'],
    [{}, { overrides: { busy: null } }, 'locked'],
    [
      {
        overrides: {
          busy: { from: new Date(at('09:00')).toISOString(), until: new Date(at('12:00')).toISOString() },
        },
      },
      {},
      'busy',
    ],
  ])('is not begun where it would change nothing: %j %j', async (user, managed, because) => {
    const { open, settings } = await setUp({ welcome: 'begun', ...user }, managed);
    const { act } = open();
    const { overrides } = settings.get();
    expect(trial(await act({ kind: 'tryIt' }))).toEqual({ phase: 'blocked', because, until: null });
    expect(settings.get().overrides).toEqual(overrides);
  });
});
