// What has to be true when all trouble is over and a mark has passed. Each answer names the invariant that is broken.
import { endsAsOne } from '../../../../src/core/presence.ts';
import { type Instant, MINUTE, SECOND, type TimeZone } from '../../../../src/core/time.ts';
import type { PresenceWrite } from '../../../../src/ports/chatProvider.ts';
import type { Harness } from '../../../fakes/engineHarness.ts';
import type { FakeChat } from '../../../fakes/fakeChat.ts';
import type { ChatModel } from './chatModel.ts';
import { type Sight, same } from './parts.ts';

/** In every subject: nothing of it may turn up anywhere. */
export const SUBJECT = 'ZZSECRET';

/** A text that ends by itself is no edge: the next mark sees it. */
const MARK = 5 * MINUTE + 15 * SECOND;

/** @param sight what the calendars say in truth, whatever the engine knows of it */
export function wrongIn(chat: FakeChat, model: ChatModel, sight: Sight, zone: TimeZone): readonly string[] {
  const found: string[] = [];
  const expected = model.expected(sight);
  const { stateUntil, profileTimeZone, ...shown } = chat.now;
  const { stateExpires, profileTimeZone: hasZone } = chat.capabilities;
  if (!same(shown, expected.presence) && !model.hasEndedSince(sight.now - MARK, sight.now)) {
    const rule = expected.want === null ? '3: the snapshot comes back exactly' : '1: the chat shows what the rules say';
    found.push(`${rule}: ${chat.label} shows ${JSON.stringify(shown)} instead of ${JSON.stringify(expected)}`);
  }
  // Where one end ends all, a text has it; also one that has just ended.
  const hasText = shown.text !== '' || shown.emoji !== '';
  const isEndOfText = endsAsOne(chat.capabilities) && (hasText || model.hasEndedSince(sight.now - MARK, sight.now));
  if (stateExpires && !isEndOfText && !expected.stateUntil.includes(stateUntil)) {
    const ends = JSON.stringify(expected.stateUntil);
    found.push(`1: the state ends with the meeting: ${chat.label} at ${stateUntil} instead of ${ends}`);
  }
  if (hasZone && !sight.isPaused && profileTimeZone !== zone) {
    found.push(`1: the zone follows the machine's: ${chat.label} has ${profileTimeZone} instead of ${zone}`);
  }
  if (expected.want === null && sight.isClaimed) found.push(`8: every claim ends: ${chat.label}`);
  return found;
}

/** @returns of each invariant that a write breaks, its name and how */
export function wrongWrite(
  { presence, stateUntil }: PresenceWrite,
  model: ChatModel,
  now: Instant,
): readonly (readonly [string, string])[] {
  const { told } = model;
  if (told === null) return [['1: what the rules say', 'is written to without a reading']];
  const isTimely = stateUntil === undefined || told.stateUntil.includes(stateUntil);
  if (presence === undefined || (same(presence, told.presence) && isTimely)) return [];
  const isTheirs = same(told.presence, model.left(now));
  const rule = isTheirs ? "2: the person's word is never overwritten" : '1: what the rules say';
  const said = { asked: presence, stateUntil: stateUntil ?? null };
  return [[rule, `was told ${JSON.stringify(said)} instead of ${JSON.stringify(told)}`]];
}

export function subjectsIn({ logger, shown }: Harness): readonly string[] {
  const rule = '7: no subject in any written text';
  return [
    ...(logger.lines.some((line) => line.includes(SUBJECT)) ? [`${rule}: in the log`] : []),
    ...(JSON.stringify(shown).includes(SUBJECT) ? [`${rule}: in a notice`] : []),
  ];
}
