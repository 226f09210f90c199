import { type Speech, text } from './texts.ts';
import type { Instant } from './time.ts';
import type { Why } from './why.ts';

/** The present state in a sentence. @param time how an instant is written */
export function whySentence(why: Why, speech: Speech, time: (at: Instant) => string): string {
  const { kind, state, until, next } = why;
  if (kind === 'paused' && until === null) return text('why.pausedForever', speech);
  if (kind === 'nothing' && next !== null) return text('why.nothingNext', speech, { time: time(next) });
  return text(`why.${kind}`, speech, {
    time: until === null ? '' : time(until),
    state: state === null ? '' : text(`state.${state}`, speech),
  });
}
