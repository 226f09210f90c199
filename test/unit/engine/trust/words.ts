// Whose word each part is after somebody, or a write of ours, has changed what is shown.
import type { ChatCapabilities, Presence } from '../../../../src/core/presence.ts';
import type { Facts } from './facts.ts';
import { mix, PARTS, type Part, same, samePart, type Word } from './parts.ts';

type Can = Pick<ChatCapabilities, 'oneStatus'>;

/** After someone who is not the engine has changed `parts` to what is in `after`. */
export function wordAfter(is: Facts, parts: readonly Part[], after: Presence, isClaimed: boolean, can: Can): Word {
  const { word, seen } = is;
  const left = can.oneStatus ? after : mix(parts, word.left, after);
  if (!isClaimed) return { ...word, left };
  // Just what we have written, or what we only watch: nobody can tell that from its having stayed.
  const ours = is.ours ?? seen.left;
  if (can.oneStatus) return same(after, ours) ? seen : { left: after, yielded: PARTS };
  const back = parts.filter((part) => samePart(part, after, ours) && !seen.yielded.includes(part));
  const said = [...new Set([...word.yielded, ...parts])].filter((part) => !back.includes(part));
  return { left: mix(back, left, seen.left), yielded: said };
}

/**
 * What is otherwise once a write has landed, on top of what the person did meanwhile. What they have set on a part that the
 * write was not about stays theirs; on one that it was about nobody can tell, so that is lost.
 */
export function afterLanding(
  is: Facts,
  before: Presence,
  after: Presence,
  can: Can,
): Pick<Facts, 'word' | 'seen' | 'owned' | 'ours' | 'isTouched' | 'stray'> {
  const { word, wordAtCall, base, claim } = is;
  const isAbout = (part: Part) => base !== null && claim !== null && !samePart(part, base.shown, claim.asked);
  // Who sets just what was there before us has said so, too.
  const isSaid = (part: Part) =>
    (word.yielded.includes(part) && !wordAtCall.yielded.includes(part)) || !samePart(part, word.left, wordAtCall.left);
  const kept = PARTS.filter(
    (part) => !can.oneStatus && !isAbout(part) && samePart(part, before, after) && isSaid(part),
  );
  const yielded = PARTS.filter(
    (part) => wordAtCall.yielded.includes(part) || (kept.includes(part) && word.yielded.includes(part)),
  );
  return {
    word: { left: mix(kept, wordAtCall.left, word.left), yielded },
    seen: wordAtCall,
    owned: PARTS.filter((part) => is.owned.includes(part) || isAbout(part) || !samePart(part, before, after)),
    ours: after,
    isTouched: false,
    stray: null,
  };
}
