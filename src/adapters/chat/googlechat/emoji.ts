import { unicodeEmoji } from '../../../core/emoji.ts';

/** Google Chat wants an emoji with every status; this is ours where there is none, or none that it knows. */
export const USUAL_EMOJI = '📅';

/** Unicode for what was written; what is no emoji that is known becomes the usual one. */
export const toUnicode = (emoji: string): string => unicodeEmoji(emoji) ?? USUAL_EMOJI;
