import { expect, it } from 'vitest';
import { free, Harness } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';

const away = { state: 'away', text: 'Out of office' };

/** A person who idles in a chat as they go out of office, from 10:00 to 11:00. */
async function idling(name: 'slack' | 'timed' | 'hipchat') {
  const harness = new Harness({ now: at('09:57'), chats: [name] });
  const { clock, calendar } = harness;
  const chat = harness.chat(name);
  calendar.events = [meeting('10:00', '11:00', { showAs: 'oof' })];
  chat.personIdles();
  await harness.start();
  await clock.advanceTo(at('10:02'));
  expect(chat.shown).toMatchObject(away);
  return { chat, clock };
}

it.each(['slack', 'timed'] as const)(
  'who idles and comes back while out of office is away, then free: %s',
  async (name) => {
    const { chat, clock } = await idling(name);
    await clock.advanceTo(at('10:12'));
    expect(chat.writes).toHaveLength(1);
    chat.personSets({ state: 'available' });
    await clock.advanceTo(at('10:16'));
    expect(chat.shown).toMatchObject(away);
    await clock.advanceTo(at('11:01'));
    expect(chat.shown).toMatchObject(free);
  },
);

it('who idles and says "do not disturb" while out of office has said so', async () => {
  const { chat, clock } = await idling('timed');
  chat.personSets({ state: 'dnd' });
  await clock.advanceTo(at('10:30'));
  expect(chat.shown).toMatchObject({ state: 'dnd', text: 'Out of office' });
  await clock.advanceTo(at('11:01'));
  expect(chat.shown).toMatchObject({ state: 'dnd', text: '' });
});

it('who idles as they go out of office is not away for ever where our text has set the state', async () => {
  const { chat, clock } = await idling('hipchat');
  await clock.advanceTo(at('11:01'));
  expect(chat.shown).toMatchObject(free);
});
