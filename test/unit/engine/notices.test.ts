import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { type Harness, running } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { refused } from '../../fakes/fakeChat.ts';

const always = { times: Number.POSITIVE_INFINITY };
const titles = (harness: Harness) => harness.shown.map(({ title }) => title);

describe('status notices', () => {
  it('say each change once, without sound, for all chats together', async () => {
    const harness = await running();
    await harness.clock.advanceTo(at('11:01'));
    expect(harness.shown).toMatchObject([
      {
        title: "You are now set to 'Do not disturb'",
        body: 'Your status in hipchat and slack has been updated.',
        silent: true,
      },
      { title: "You are now 'Available'", silent: true },
    ]);
  });

  it('do not say again what only goes on for longer', async () => {
    const first = meeting('10:00', '11:00');
    const harness = await running({}, [first]);
    await harness.clock.advanceTo(at('10:31'));
    harness.calendar.events = [first, meeting('11:00', '12:00')];
    await harness.clock.advanceTo(at('12:10'));
    expect(harness.chat('slack').writes.map(({ presence }) => presence?.until)).toContain(at('12:00'));
    expect(harness.shown).toHaveLength(2);
  });

  it('can be switched off, and say it in the words of the organisation', async () => {
    const off = await running({ settings: { notifications: { status: false } } });
    await off.clock.advanceTo(at('10:01'));
    expect(off.shown).toEqual([]);
    const texts = { 'notice.dnd.title': 'Ruhe bitte' };
    const own = await running({ settings: { organisation: { texts } } });
    await own.clock.advanceTo(at('10:01'));
    expect(titles(own)).toEqual(['Ruhe bitte']);
  });
});

describe('a chat that shows only the text', () => {
  it('keeps the state of the person, says that the text is set, and takes it back', async () => {
    const chats = [{ id: 'hipchat', provider: 'hipchat', email: '', shows: { state: false } }];
    const harness = await running({ chats: ['hipchat'], settings: { chats } });
    await harness.clock.advanceTo(at('10:01'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'available', text: 'In a meeting' });
    expect(titles(harness)).toEqual(['Your status text is set']);
    await harness.clock.advanceTo(at('11:01'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'available', text: '' });
  });
});

describe('problem notices', () => {
  it('ask for a new token once, and go when it works again', async () => {
    const harness = await running({ chats: ['hipchat'], settings: { notifications: { status: false } } });
    const over = harness.chat('hipchat').fail(refused.unauthorized(), always);
    await harness.clock.advanceTo(at('10:31'));
    expect(titles(harness)).toEqual(['Authentication error to hipchat']);
    harness.open.get('auth:hipchat')?.click();
    expect(harness.actions).toEqual([{ kind: 'prompt', prompt: { kind: 'renew', account: 'hipchat' } }]);
    over();
    await harness.engine.renew('hipchat');
    expect(harness.open.size).toBe(0);
  });

  it('ask for the address when the chat does not know the person', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.chat('hipchat').fail(refused.notFound(), always);
    await harness.clock.advanceTo(at('10:01'));
    harness.open.get('notFound:hipchat')?.click();
    expect(harness.actions).toEqual([{ kind: 'prompt', prompt: { kind: 'email' } }]);
  });

  it('lead to the help desk when the trouble of a service does not pass at once', async () => {
    const helpDeskUrl = 'https://help.example.com/new';
    const harness = await running({ chats: ['hipchat'], settings: { organisation: { helpDeskUrl } } });
    harness.chat('hipchat').fail(refused.unavailable());
    await harness.clock.advanceTo(at('10:02'));
    expect(harness.open.has('service:hipchat')).toBe(false);
    harness.chat('hipchat').fail(refused.unavailable(), always);
    await harness.clock.advanceTo(at('10:20'));
    harness.open.get('service:hipchat')?.click();
    expect(harness.actions).toEqual([{ kind: 'openAddress', url: helpDeskUrl }]);
    expect(titles(harness).filter((title) => title.startsWith('There seems'))).toHaveLength(1);
  });

  it('lead to the log where there is no help desk, and say so', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.chat('hipchat').fail(refused.unavailable(), always);
    await harness.clock.advanceTo(at('10:20'));
    const notice = harness.open.get('service:hipchat');
    expect(notice?.notice.body).toContain('Click here for the log.');
    notice?.click();
    expect(harness.actions).toEqual([{ kind: 'openLog' }]);
  });

  it('stay away for a network that is gone', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.calendar.error = new AppError('network', 'No network.');
    harness.chat('hipchat').fail({ kind: 'lost' }, always);
    await harness.clock.advanceTo(at('10:20'));
    expect(harness.shown).toEqual([]);
  });

  it('ask to sign in again when the calendar refuses, once', async () => {
    const harness = await running({ settings: { notifications: { status: false } } });
    harness.calendar.error = new AppError('unauthorized', 'Signed out.');
    await harness.clock.advanceTo(at('10:31'));
    expect(titles(harness)).toEqual(['Authentication error to Test calendar']);
    harness.open.get('auth:work')?.click();
    expect(harness.actions).toEqual([{ kind: 'prompt', prompt: { kind: 'renew', account: 'work' } }]);
  });

  it.each([
    ['serverTooOld', 'HipStatus can do nothing in hipchat at the moment', 'Update the server.', { kind: 'none' }],
    [
      'isBot',
      'Authentication error to hipchat',
      'Update the server. Click here to change it.',
      { kind: 'prompt', prompt: { kind: 'renew', account: 'hipchat' } },
    ],
  ] as const)('say in the words of the service what is wrong: %s', async (reason, title, body, action) => {
    const harness = await running({ chats: ['hipchat'] });
    const error = new AppError('forbidden', 'Update the server.', { reason });
    harness.chat('hipchat').fail({ kind: 'refused', error }, always);
    await harness.clock.advanceTo(at('10:01'));
    expect(harness.shown.at(-1)).toMatchObject({ title, body, action });
  });

  it('name a keychain that is locked', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.chat('hipchat').fail({ kind: 'refused', error: new AppError('locked', 'Unlock it.') }, always);
    await harness.clock.advanceTo(at('10:01'));
    expect(harness.open.get('keychain')?.notice.body).toBe('Unlock it.');
  });

  it('blame the disk, and neither the token nor the service, when a claim can not be written', async () => {
    const harness = await running({ chats: ['hipchat', 'slack'] });
    for (const code of ['unavailable', 'forbidden'] as const) {
      harness.claims.onSave = () => {
        throw new AppError(code, `Free some space (${code}).`, {
          reason: code === 'forbidden' ? 'noAccess' : 'diskFull',
        });
      };
      harness.calendar.events = [meeting('10:00', '11:00')];
      await harness.clock.advanceTo(at(code === 'unavailable' ? '10:11' : '10:21'));
      expect([...harness.open.keys()]).toEqual(['disk']);
    }
    expect(harness.open.get('disk')?.notice.body).toBe('Free some space (unavailable).');
    harness.claims.onSave = () => {};
    await harness.clock.advanceTo(at('10:26'));
    expect(harness.open.has('disk')).toBe(false);
    expect(harness.chat('hipchat').shown.state).toBe('dnd');
  });
});
