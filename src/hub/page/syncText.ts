import { MINUTE, SECOND } from '../../core/time.ts';
import type { SyncOut } from './model.ts';
import type { Words } from './words.ts';

/** Less than this is no lag to speak of. */
const ON_TIME = MINUTE / SECOND;

/** One sentence: how many calendars, who is behind, and by how much. */
export function syncText({ people, stale, waiting, lagSeconds }: SyncOut, words: Pick<Words, 'number'>): string {
  const parts = [`Calendars: ${words.number(people)} read by the hub`];
  if (lagSeconds < ON_TIME) parts.push('all up to date');
  else parts.push(`${words.number(waiting)} waiting, up to ${words.number(Math.ceil(lagSeconds / ON_TIME))} min late`);
  if (stale > 0) parts.push(`${words.number(stale)} can’t be read now`);
  return parts.join(' · ');
}
