import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { CalendarChoice } from '../../../src/engine/calendarChoice.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { MemorySecrets, MemorySettings } from '../../fakes/memoryStores.ts';

const signal = new AbortController().signal;
const LISTED = [
  { id: 'own', name: 'Calendar', isDefault: true },
  { id: 'shared/team', name: 'Team (Grace)', isDefault: false },
];

function world(calendars: readonly string[] = [], managed: Record<string, unknown> = {}) {
  const account = { id: 'work', provider: 'microsoft365', homeAccountId: 'home', username: 'ada@x.example', calendars };
  const ics = { id: 'family', provider: 'ics', name: 'Family', username: '' };
  const settings = new MemorySettings({ email: 'ada@x.example', calendars: [account, ics] }, managed);
  const signedIn: unknown[] = [];
  const tried: unknown[] = [];
  const errors: AppError[] = [];
  const choice = new CalendarChoice({
    settings,
    secrets: new MemorySecrets(),
    clock: new FakeClock(0),
    signIn: () => ({
      interactive: async (...given) => {
        signedIn.push([given[0], given[1], given[3]]);
        return { homeAccountId: 'home', username: 'ada@x.example' };
      },
      deviceCode: () => Promise.reject(new AppError('invalidInput', 'Not here.')),
      signOut: async () => undefined,
    }),
    providers: {
      chat: () => {
        throw new Error('No chat has to do with it.');
      },
      calendar: (given) => ({
        accountId: given.id,
        label: 'Work',
        calendarView: async () => {
          tried.push('calendars' in given ? given.calendars : []);
          const error = errors.shift();
          if (error !== undefined) throw error;
          return [];
        },
        ...(given.provider === 'ics' ? {} : { calendars: async () => LISTED }),
      }),
    },
  });
  const stored = () => settings.get().calendars.flatMap((one) => ('calendars' in one ? one.calendars : []));
  return { choice, stored, signedIn, tried, errors };
}

const failure = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof AppError ? thrown.code : thrown),
  );

describe('the calendars of an account', () => {
  it('are listed, with those that are read: at first the main one', async () => {
    const { choice } = world();
    const listed = await choice.of('work', signal);
    expect(listed.map(({ name, isChosen }) => [name, isChosen])).toEqual([
      ['Calendar', true],
      ['Team (Grace)', false],
    ]);
  });

  it('show one that is read and not in the list any more', async () => {
    const { choice } = world(['users/grace@x.example', 'shared/team']);
    const listed = await choice.of('work', signal);
    expect(listed.filter(({ isChosen }) => isChosen).map(({ name }) => name)).toEqual([
      'Team (Grace)',
      'users/grace@x.example',
    ]);
  });

  it('are tried before they are kept', async () => {
    const { choice, stored, tried, errors } = world();
    const all = await choice.of('work', signal);
    errors.push(new AppError('network', 'Not there.'));
    expect(await failure(choice.choose('work', all, signal))).toBe('network');
    expect(stored()).toEqual([]);
    await choice.choose('work', all, signal);
    expect(stored()).toEqual(['own', 'shared/team']);
    expect(tried.at(-1)).toEqual(['own', 'shared/team']);
  });

  it('go without a name where it is the main one alone', async () => {
    const { choice, stored } = world(['shared/team']);
    await choice.choose('work', LISTED.slice(0, 1), signal);
    expect(stored()).toEqual([]);
  });

  it('of others may need a sign-in for more', async () => {
    const { choice, stored, signedIn, errors } = world();
    errors.push(new AppError('unauthorized', 'Sign in again.', { reason: 'interactionRequired' }));
    let isTold = false;
    await choice.choose('work', LISTED.slice(1), signal, () => {
      isTold = true;
    });
    expect(isTold).toBe(true);
    expect(signedIn).toEqual([['work', 'ada@x.example', { calendars: ['shared/team'] }]]);
    expect(stored()).toEqual(['shared/team']);
  });

  it('are at least one, are of an account that has several, and not what the organisation has set', async () => {
    const { choice } = world();
    expect(await failure(choice.choose('work', [], signal))).toBe('invalidInput');
    expect(await failure(choice.of('family', signal))).toBe('invalidInput');
    expect(await failure(choice.choose('family', LISTED, signal))).toBe('invalidInput');
    const locked = world([], { calendars: [{ id: 'work', provider: 'microsoft365' }] });
    expect(await failure(locked.choice.choose('work', LISTED, signal))).toBe('forbidden');
  });
});
