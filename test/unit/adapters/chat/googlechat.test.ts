import { describe, expect, it } from 'vitest';
import { toUnicode } from '../../../../src/adapters/chat/googlechat/emoji.ts';
import { googleChatProvider } from '../../../../src/adapters/chat/googlechat/provider.ts';
import { toDndEnd, toReading, toStatus } from '../../../../src/adapters/chat/googlechat/transform.ts';
import type { Presence } from '../../../../src/core/presence.ts';

const NOW = Date.parse('2026-01-05T09:00:00Z');
const DAY = 86_400_000;
const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until: NOW + 1_500 };

describe('Google Chat: what is read', () => {
  it.each([
    ['ACTIVE', 'available', false],
    ['IDLE', 'away', true],
    ['AWAY', 'away', true],
    ['DO_NOT_DISTURB', 'dnd', false],
    ['STATE_UNSPECIFIED', 'available', false],
    [undefined, 'available', false],
  ] as const)('%s is %s', (state, shown, isAutomatic) => {
    const reading = toReading(state === undefined ? {} : { state }, false, NOW);
    expect(reading).toMatchObject({ presence: { state: shown, text: '', emoji: '', until: null }, isAutomatic });
  });

  it('takes "away" as set when something that was set is in force, and never idling', () => {
    expect(toReading({ state: 'AWAY' }, true, NOW).isAutomatic).toBe(false);
    expect(toReading({ state: 'IDLE' }, true, NOW).isAutomatic).toBe(true);
  });

  it('reads the status with its end, and none whose time is over', () => {
    const status = (expireTime?: string) =>
      toReading(
        {
          customStatus: {
            text: 'Lunch',
            emoji: { unicode: '🍕' },
            ...(expireTime === undefined ? {} : { expireTime }),
          },
        },
        false,
        NOW,
      ).presence;
    expect(status('2026-01-05T09:00:01.500123456Z')).toMatchObject({ text: 'Lunch', emoji: '🍕', until: NOW + 1_500 });
    expect(status()).toMatchObject({ text: 'Lunch', until: null });
    expect(status('2026-01-05T09:00:00Z')).toMatchObject({ text: '', emoji: '', until: null });
    expect(toReading({ customStatus: { text: 'Lunch' } }, false, NOW).presence).toMatchObject({
      text: 'Lunch',
      emoji: '',
    });
  });
});

describe('Google Chat: what is written', () => {
  it.each([
    [':calendar:', '📅'],
    ['palm_tree', '🌴'],
    [':wave::skin-tone-2:', '👋'],
    ['🏝️', '🏝️'],
    ['🇩🇪', '🇩🇪'],
    ['1️⃣', '1️⃣'],
    [':our-own-logo:', '📅'],
    ['', '📅'],
  ])('the emoji %s is %s', (emoji, unicode) => {
    expect(toUnicode(emoji)).toBe(unicode);
  });

  it('the whole status', () => {
    expect(toStatus(meeting)).toEqual({
      text: 'In a meeting',
      emoji: { unicode: '📅' },
      expireTime: '2026-01-05T09:00:01.500Z',
    });
    expect(toStatus({ ...meeting, until: null })).not.toHaveProperty('expireTime');
    expect(toStatus({ ...meeting, text: '' })).toBeNull();
  });

  it('cuts a text by what it takes to write it, and tears no emoji', () => {
    const text = toStatus({ ...meeting, text: '👨‍👩‍👧'.repeat(20) })?.text ?? '';
    expect(text).toBe('👨‍👩‍👧'.repeat(8));
    expect(toStatus({ ...meeting, text: 'x'.repeat(64) })?.text).toHaveLength(64);
  });

  it('"do not disturb" ends within a year, and after a day when nobody said when', () => {
    expect(toDndEnd(NOW + 5, NOW)).toBe(NOW + 5);
    expect(toDndEnd(undefined, NOW)).toBe(NOW + DAY);
    expect(toDndEnd(NOW + 400 * DAY, NOW)).toBe(NOW + 364 * DAY);
  });

  it('sends no token over an open line', async () => {
    let asked = 0;
    const provider = googleChatProvider(
      { id: 'googlechat', label: 'Google Chat' },
      {
        fetch: async () => Response.json({}),
        now: () => NOW,
        baseUrl: 'http://chat.example.com',
        accessToken: async () => {
          asked += 1;
          return 'secret';
        },
      },
    );
    const read = provider.read(new AbortController().signal);
    await expect(read).rejects.toMatchObject({ code: 'invalidInput', reason: 'notConfigured' });
    expect(asked).toBe(0);
  });
});
