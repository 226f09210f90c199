import type { ChatRecord } from '../../src/core/claim.ts';
import type { ChatReading } from '../../src/core/presence.ts';
import { afterAnswer, afterRestore, planPresence, type Wanted } from '../../src/core/presencePlan.ts';
import { isStateTimed } from '../../src/core/presenceTarget.ts';
import type { ChatProvider } from '../../src/ports/chatProvider.ts';

/** What a meeting wants until `until`. */
export const wantedUntil = (until: number): Wanted => ({
  state: 'dnd',
  text: 'In a meeting',
  emoji: ':calendar:',
  until,
  events: ['event'],
});

/** What the engine does with one chat (engine/chatWorker.ts): the record to keep, and what came of it. */
export async function reconcileChat(
  provider: ChatProvider,
  record: ChatRecord,
  wanted: Wanted,
  now: number,
): Promise<[ChatRecord, string]> {
  const { signal } = new AbortController();
  const plan = (given: ChatRecord, reading: ChatReading) =>
    planPresence({
      record: given,
      reading,
      wanted,
      capabilities: provider.capabilities,
      underWay: [],
      justBefore: [],
      ownText: 'keep',
      now,
    });
  const reading = await provider.read(signal);
  const first = plan(record, reading);
  if (first.kind === 'keep') return [first.record, first.status];
  const { claim } = first.record;
  const isTimed = first.kind === 'set' && isStateTimed(claim, first.write, provider.capabilities);
  await provider.write({ presence: first.write, ...(isTimed ? { stateUntil: claim.end } : {}) }, reading, signal);
  if (first.kind === 'restore') return [afterRestore(first.record), 'restored'];
  // The chat's own stored form is taken over at the next reading; a second plan must then find nothing to write.
  const answered = afterAnswer(first.record);
  const settled = plan(answered, await provider.read(signal));
  return settled.kind === 'keep' ? [settled.record, settled.status] : [answered, 'written again'];
}
