import type { ChatAccount } from '../core/accounts.ts';
import { STATE_NAMES } from '../core/headline.ts';
import type { silentMarks } from '../core/presenceRules.ts';

const STATES = ['dnd', 'busy', 'away'] as const;

/** What one chat shows otherwise than the others, a few words each. */
export function differencesOf({ words, shows, as }: ChatAccount): readonly string[] {
  const { state = true, text = true } = shows ?? {};
  const parts = state && text ? [] : state ? ['only the state'] : text ? ['only the text'] : ['nothing at all'];
  const states = STATES.flatMap((from) => {
    const to = as?.[from];
    if (to === undefined || to === from) return [];
    return [to === 'ignore' ? `${STATE_NAMES[from]} not at all` : `${STATE_NAMES[from]} as ${STATE_NAMES[to]}`];
  });
  const hasOwnWords = Object.values(words ?? {}).some((word) => word !== undefined);
  return [...parts, ...states, ...(hasOwnWords ? ['words of its own'] : [])];
}

type Silent = ReturnType<typeof silentMarks>[number];

/** Why a mark of a text says nothing. */
export function silenceLine({ mark, silence }: Silent): string {
  switch (silence) {
    case 'notAllowed':
      return `{${mark}}: privacy.${mark} is off`;
    case 'sensitive':
      return `{${mark}}: the event is private`;
    case 'several':
      return `{${mark}}: there are several events, and they do not agree`;
    case 'empty':
      return `{${mark}}: the event has none`;
  }
}
