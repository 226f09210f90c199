// Edge cases 40, 41, 58, 59, 62, 64, 65 and 67 of the reference: what chats and other programs do on their own.
import { describe, expect, it } from 'vitest';
import { hipchatProvider } from '../../../src/adapters/chat/hipchat/provider.ts';
import { AppError } from '../../../src/core/appError.ts';
import { SECOND } from '../../../src/core/time.ts';
import { dnd, free, Harness, running } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { kept, meetingUntil, plan } from '../../fakes/plans.ts';

const past = (clock: string) => at(clock) + SECOND;
const signal = new AbortController().signal;

describe('people who are not there', () => {
  it('40: offline in the chat at the start → none; online in the meeting → set', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.chat('hipchat').goOffline();
    await harness.clock.advanceTo(at('10:22'));
    expect(harness.chat('hipchat').writes).toEqual([]);
    expect(harness.engine.state().chats[0]).toMatchObject({ status: 'offline', error: null });
    harness.chat('hipchat').personSets({ state: 'available' });
    await harness.clock.advanceTo(past('10:25'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    await harness.clock.advanceTo(past('11:00'));
    expect(harness.chat('hipchat').shown).toMatchObject(free);
  });

  it('41: goes offline in the meeting and returns after its end → our own is cleared', async () => {
    const harness = await running({ chats: ['hipchat'] });
    await harness.clock.advanceTo(at('10:22'));
    harness.chat('hipchat').goOffline();
    await harness.clock.advanceTo(at('11:32'));
    expect(harness.chat('hipchat').writes).toHaveLength(1);
    expect(harness.claims.records.get('hipchat')?.claim).toBeTruthy();
    // The server shows again what it had stored.
    harness.chat('hipchat').personSets({ state: 'dnd', text: dnd.text });
    await harness.clock.advanceTo(past('11:35'));
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    expect(harness.claims.records.size).toBe(0);
  });

  it('64: HipChat `presence` null → offline, skipped; `show` null → available, or offline where it says so', async () => {
    const ada = { name: 'Ada', mention_name: 'Ada', email: 'ada@example.com' };
    const sees = async (presence: object | null) => {
      const calls: string[] = [];
      const provider = hipchatProvider(
        { id: 'hipchat', email: ada.email },
        {
          server: 'https://hipchat.example',
          token: async () => 'token',
          now: () => 0,
          fetch: async (_url, init) => {
            calls.push(init?.method ?? 'GET');
            return init?.method === 'PUT' ? new Response(null, { status: 204 }) : Response.json({ ...ada, presence });
          },
        },
      );
      const reading = await provider.read(signal);
      const planned = plan({ reading, wanted: meetingUntil('11:00') });
      const refused = await provider.write({ presence: meetingUntil('11:00') }, reading, signal).then(
        () => null,
        (error: AppError) => error.reason,
      );
      return { state: reading.presence.state, decision: kept(planned), refused, calls: calls.join(' ') };
    };
    const offline = { state: 'offline', decision: 'offline', refused: 'offline', calls: 'GET' };
    expect(await sees(null)).toEqual(offline);
    expect(await sees({ show: null, status: null, is_online: false })).toEqual(offline);
    const online = { state: 'available', decision: 'set!', refused: null, calls: 'GET PUT' };
    expect(await sees({ show: null, status: null })).toEqual(online);
    expect(await sees({ show: null, status: null, is_online: true })).toEqual(online);
  });

  it('65: away by idling at the start → set; at the end handed back to automatic presence', async () => {
    const harness = await running();
    for (const chat of harness.chats.values()) chat.personIdles();
    await harness.clock.advanceTo(past('10:00'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown).toMatchObject({ state: 'away', text: 'In a meeting' });
    await harness.clock.advanceTo(past('11:00'));
    // Not the "away" of the snapshot, which would be the person's own word from then on.
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    // Slack's presence was never written, so it is as automatic as before (`auto`: test/unit/adapters/chat/slack.test.ts).
    expect(await harness.chat('slack').read(signal)).toMatchObject({
      presence: { state: 'away', text: '' },
      isAutomatic: true,
    });
    harness.chat('hipchat').personIdles();
    await harness.clock.advanceTo(at('11:30'));
    expect(harness.chat('hipchat').shown.state).toBe('away');
    expect(harness.chat('hipchat').writes).toHaveLength(2);
  });
});

describe('others who write', () => {
  it('58: two Macs of the same person → the second sees what is ours, and they do not fight', async () => {
    const first = await running();
    const second = new Harness({ now: at('09:57'), clock: first.clock, former: first });
    await second.start();
    const writes = () => [...first.chats.values()].map((chat) => chat.writes.length);
    await first.clock.advanceTo(at('10:59'));
    expect(writes()).toEqual([1, 1]);
    expect(first.chat('hipchat').shown).toMatchObject(dnd);
    await first.clock.advanceTo(at('12:00'));
    for (const chat of first.chats.values()) expect(chat.shown).toMatchObject(free);
    expect(first.chat('hipchat').writes).toHaveLength(2);
    for (const mac of [first, second]) {
      expect([...mac.claims.records.values()].filter(({ claim }) => claim !== null)).toEqual([]);
    }
  });

  it('59: another program sets "In a call" → not overwritten, and not removed at the end', async () => {
    const call = { text: 'In a call', emoji: ':telephone_receiver:', until: null };
    for (const clock of ['09:58', '10:32']) {
      const harness = await running({ chats: ['slack'] });
      await harness.clock.advanceTo(at(clock));
      harness.chat('slack').personSets(call);
      await harness.clock.advanceTo(at('10:59'));
      expect(harness.chat('slack').shown).toMatchObject(call);
      await harness.clock.advanceTo(at('11:30'));
      expect(harness.chat('slack').shown).toMatchObject(call);
    }
  });
});

describe('what a chat makes of a text', () => {
  it('62: a text over the limit → cut between graphemes; ownership compares the stored form', async () => {
    const family = '👩‍👩‍👧‍👦';
    const statusMessage = `${'a'.repeat(98)}${family} and more`;
    const harness = await running({ chats: ['slack'], settings: { statusMessage } });
    const chat = harness.chat('slack');
    const write = chat.write.bind(chat);
    // Slack trims what it stores: here the blank that the cut has left.
    chat.write = ({ presence, ...more }, ...rest) =>
      write({ ...more, ...(presence && { presence: { ...presence, text: presence.text.trim() } }) }, ...rest);
    await harness.clock.advanceTo(at('10:30'));
    expect(chat.shown.text).toBe(`${'a'.repeat(98)}${family}`);
    expect(harness.claims.records.get('slack')?.claim?.asked.text).toBe(`${'a'.repeat(98)}${family} `);
    expect(harness.engine.state().chats[0]).toMatchObject({ status: 'ok', claimed: true });
    expect(chat.writes).toHaveLength(1);
    harness.calendar.events = [];
    await harness.clock.advanceTo(past('10:35'));
    expect(chat.shown).toMatchObject(free);
  });

  it('67: the expiry has fired but the meeting was extended meanwhile → set again', async () => {
    const talk = meeting('10:00', '11:00');
    const harness = await running({ chats: ['slack'] }, [talk]);
    await harness.clock.advanceTo(at('10:56'));
    harness.calendar.events = [{ ...talk, time: { kind: 'timed', start: at('10:00'), end: at('11:40') } }];
    harness.calendar.error = new AppError('unavailable', 'Down.');
    await harness.clock.advanceTo(at('11:02'));
    expect(harness.chat('slack').shown).toMatchObject(free);
    harness.calendar.error = null;
    await harness.clock.advanceTo(past('11:05'));
    expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('11:40') });
    await harness.clock.advanceTo(past('11:40'));
    expect(harness.chat('slack').shown).toMatchObject(free);
  });
});
