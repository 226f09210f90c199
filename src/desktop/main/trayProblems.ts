import { type ErrorCode, type ErrorInfo, isDiskTrouble } from '../../core/appError.ts';
import { errorWords } from '../../core/errorWords.ts';
import { type Prompt, promptId } from '../../core/prompt.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import { isForOthers, isRefusal } from '../../core/refusals.ts';
import type { Settings } from '../../core/settings.ts';
import type { CalendarState, ChatState, SyncState } from '../../core/syncState.ts';
import { type Speech, text } from '../../core/texts.ts';
import { problemWords } from './accountWords.ts';
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

function chatLine({ id, label, status, error }: ChatState, speech: Speech): MenuItem[] {
  const line = (said: string) => [info(`chat.${id}`, `${label}: ${said}`)];
  if (error !== null && isDiskTrouble(error)) return line(text('standing.disk', speech));
  if (error !== null) return line(problemWords(error, speech));
  return status === 'handsOff' || status === 'offline' ? line(text(`standing.${status}`, speech)) : [];
}

function calendarLine({ id, label, health, error }: CalendarState, speech: Speech): MenuItem[] {
  if (error === null) return [];
  const problem = problemWords(error, speech);
  const said = health === 'stale' ? text('standing.kept', speech, { problem }) : problem;
  return [info(`calendar.${id}`, `${label}: ${said}`)];
}

function fixOf({ id, provider, label, error }: ChatState | CalendarState, speech: Speech): MenuItem[] {
  if (error === null || isDiskTrouble(error)) return [];
  const { byEmail, renews } = entryOf(provider);
  if (error.code === 'notFound' && byEmail === true) {
    return [fixByPrompt({ kind: 'email' }, text('menu.fix.email', speech))];
  }
  const isWrongAddress = renews === 'address' && error.code === 'invalidInput';
  if (isForOthers(error) || (!isRefusal(error) && !isWrongAddress)) return [];
  return [fixByPrompt({ kind: 'renew', account: id }, text(`menu.fix.${renews}`, speech, { account: label }))];
}

/** A line for each account that is not simply well, and one item for each thing the person can do about it. */
export function accountItems(state: SyncState, settings: Settings, speech: Speech): readonly MenuItem[] {
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
            label: text('menu.fix.helpDesk', speech),
            enabled: true,
            command: { kind: 'openAddress', url },
          },
        ]
      : [];
  const lines = [
    ...(trouble === null ? [] : [info('trouble', errorWords(trouble, speech))]),
    ...(disk == null ? [] : [info('disk', errorWords(disk, speech))]),
    ...calendars.flatMap((one) => calendarLine(one, speech)),
    ...chats.flatMap((one) => chatLine(one, speech)),
  ];
  const fixes = [...[...calendars, ...chats].flatMap((one) => fixOf(one, speech)), ...helpDesk];
  const once = fixes.filter((item, index) => fixes.findIndex(({ id }) => id === item.id) === index);
  return [...lines, ...once];
}
