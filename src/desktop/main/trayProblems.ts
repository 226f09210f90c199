import { type ErrorCode, type ErrorInfo, isDiskTrouble } from '../../core/appError.ts';
import { type Prompt, promptId } from '../../core/prompt.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import { isForOthers, isRefusal } from '../../core/refusals.ts';
import type { Settings } from '../../core/settings.ts';
import type { CalendarState, ChatState, SyncState } from '../../core/syncState.ts';
import { fixLabel, problemWords } from './accountWords.ts';
import type { MenuItem } from './trayView.ts';

const THEIR_TROUBLE: ReadonlySet<ErrorCode> = new Set(['serverError', 'unavailable', 'badResponse']);
const isTheirTrouble = (error: ErrorInfo | null): boolean =>
  error !== null && (THEIR_TROUBLE.has(error.code) || isForOthers(error)) && !isDiskTrouble(error);

const info = (id: string, label: string): MenuItem => ({ type: 'info', id, label });

const fixByPrompt = (prompt: Prompt, label: string): MenuItem => ({
  type: 'command',
  id: `fix.${promptId(prompt)}`,
  label,
  enabled: true,
  command: { kind: 'prompt', prompt },
});

function chatLine({ id, label, status, error }: ChatState): MenuItem[] {
  if (error !== null && isDiskTrouble(error)) return [info(`chat.${id}`, `${label}: waits for the disk`)];
  if (error !== null) return [info(`chat.${id}`, `${label}: ${problemWords(error)}`)];
  if (status === 'handsOff') return [info(`chat.${id}`, `${label}: left as you set it`)];
  if (status === 'offline') return [info(`chat.${id}`, `${label}: you are offline there`)];
  return [];
}

function calendarLine({ id, label, health, error }: CalendarState): MenuItem[] {
  if (error === null) return [];
  const kept = health === 'stale' ? ' (using what was read before)' : '';
  return [info(`calendar.${id}`, `${label}: ${problemWords(error)}${kept}`)];
}

function fixOf({ id, provider, label, error }: ChatState | CalendarState): MenuItem[] {
  if (error === null || isDiskTrouble(error)) return [];
  const { byEmail, renews } = entryOf(provider);
  if (error.code === 'notFound' && byEmail === true) return [fixByPrompt({ kind: 'email' }, 'Correct email address…')];
  const isWrongAddress = renews === 'address' && error.code === 'invalidInput';
  if (isForOthers(error) || (!isRefusal(error) && !isWrongAddress)) return [];
  return [fixByPrompt({ kind: 'renew', account: id }, fixLabel(provider, label))];
}

/** A line for each account that is not simply well, and one item for each thing the person can do about it. */
export function accountItems(state: SyncState, settings: Settings): readonly MenuItem[] {
  const { chats, calendars, trouble } = state;
  const url = settings.organisation.helpDeskUrl;
  const isTheirs = [...chats, ...calendars].some(({ error }) => isTheirTrouble(error));
  const disk = chats.find(({ error }) => error !== null && isDiskTrouble(error))?.error;
  const helpDesk: readonly MenuItem[] =
    isTheirs && url !== ''
      ? [
          {
            type: 'command',
            id: 'fix.help-desk',
            label: 'Contact the help desk…',
            enabled: true,
            command: { kind: 'openAddress', url },
          },
        ]
      : [];
  const lines = [
    ...(trouble === null ? [] : [info('trouble', trouble.message)]),
    ...(disk == null ? [] : [info('disk', disk.message)]),
    ...calendars.flatMap(calendarLine),
    ...chats.flatMap(chatLine),
  ];
  const fixes = [...[...calendars, ...chats].flatMap(fixOf), ...helpDesk];
  const once = fixes.filter((item, index) => fixes.findIndex(({ id }) => id === item.id) === index);
  return [...lines, ...once];
}
