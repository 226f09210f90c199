// Short days on which the person sets something just while a write of ours is open: in turn, not at random.
import type { PresenceState } from '../../../../src/core/presence.ts';
import { MINUTE, SECOND } from '../../../../src/core/time.ts';
import { expectAllGivenBack, pass } from './days.ts';
import { chatFault } from './faults.ts';
import { put } from './steps.ts';
import { CHATS, World } from './world.ts';

/** What becomes of the write; what is late lands, or is answered, when the person has had their word. */
export const FATES = ['lost', 'landed', 'halfState', 'halfText', 'late', 'lateAnswer'] as const;
/** What the write is about: a meeting, a longer one, an absence after a meeting (or the reverse), or giving back. */
export const WRITES = ['first', 'longer', 'other', 'restore'] as const;
const OWN_TEXTS = ['keep', 'replace'] as const;
const KINDS = ['busy', 'oof'] as const;
/** Not `dnd`: it is let alone. With `away` an absence changes the text only, with a text to be kept a meeting the state only. */
const BEFORE = (['available', 'away'] as const).flatMap((state) => ['', 'Lunch'].map((text) => ({ state, text })));
/** Null leaves a part as it is. */
const SAID = ([null, 'available', 'away', 'dnd'] as const)
  .flatMap((state) => [null, '', 'Call me'].map((text) => ({ state, text })))
  .slice(1);

export interface OpenWrite {
  readonly fate: (typeof FATES)[number];
  readonly write: (typeof WRITES)[number];
  readonly ownText: (typeof OWN_TEXTS)[number];
  readonly kind: (typeof KINDS)[number];
  readonly before: (typeof BEFORE)[number];
  readonly said: (typeof SAID)[number];
}

/** With everything else, one of the writes, each in its turn: a quarter of all there are, and any two or three things meet. */
export const openWrites: readonly OpenWrite[] = FATES.flatMap((fate, f) =>
  OWN_TEXTS.flatMap((ownText, o) =>
    KINDS.flatMap((kind, k) =>
      BEFORE.flatMap((before, b) =>
        SAID.flatMap((said, s) => {
          const write = WRITES[(f + o + k + b + s) % WRITES.length];
          return write === undefined ? [] : [{ fate, write, ownText, kind, before, said }];
        }),
      ),
    ),
  ),
);

/** Throws what is wrong with that day, in any of the chats. */
export async function live({ ownText, kind, before, write, fate, said }: OpenWrite): Promise<void> {
  const world = new World({ ownText, tentative: 'ignore', isClockSet: false });
  const start = world.clock.now();
  const refreshed = () => world.harness.tell('wake');
  await world.begin();
  sets(world, before);
  if (write !== 'first') {
    const other = kind === 'busy' ? 'oof' : 'busy';
    plan(world, start, 10, write === 'other' ? other : kind);
    await refreshed();
    await world.pass(SECOND);
  }
  for (const name of CHATS) world.harness.chat(name).fail(chatFault(world, fate, 2), { on: 'write' });
  plan(world, start, write === 'restore' ? 0 : 12, kind);
  await refreshed();
  // Before the first try again.
  await world.pass(SECOND / 4);
  sets(world, said);
  await world.calm();
  await pass(world);
  await world.calm();
  expectAllGivenBack(world);
}

/** The one event of the day; one of no length does not count. */
function plan({ harness }: World, start: number, minutes: number, showAs: OpenWrite['kind']): void {
  for (const calendar of harness.calendars.values()) calendar.events = [];
  put(harness, 'work', { start, end: start + minutes * MINUTE }, { showAs, iCalUId: 'meeting' });
}

function sets(world: World, { state, text }: { readonly state: PresenceState | null; readonly text: string | null }) {
  for (const name of CHATS) {
    const { shown, capabilities } = world.harness.chat(name);
    const can = state === null || capabilities.states.includes(state) ? state : 'available';
    world.personSets(name, {
      ...(can === null || can === shown.state ? {} : { state: can }),
      ...(text === null || text === shown.text ? {} : { text, emoji: '', until: null }),
    });
  }
}
