import type { ChatAccount } from '../core/accounts.ts';
import { STATE_NAMES } from '../core/headline.ts';
import { chatDifferences, type Difference, type LeftOut } from '../core/why.ts';

/** What one chat shows otherwise than the others, a few words each. */
export const differencesOf = (chat: ChatAccount): readonly string[] => chatDifferences(chat).map(differenceLine);

export function differenceLine(difference: Difference): string {
  switch (difference.kind) {
    case 'onlyState':
      return 'only the state';
    case 'onlyText':
      return 'only the text';
    case 'nothing':
      return 'nothing at all';
    case 'ownWords':
      return 'words of its own';
    case 'as': {
      const { from, to } = difference;
      return to === 'ignore' ? `${STATE_NAMES[from]} not at all` : `${STATE_NAMES[from]} as ${STATE_NAMES[to]}`;
    }
  }
}

/** Why a mark of a text says nothing. */
export function silenceLine({ mark, silence }: LeftOut): string {
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
