import { type ErrorCode, type ErrorInfo, isDiskTrouble } from '../../core/appError.ts';
import type { PromptKind } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import type { CalendarState, ChatState, SyncState } from '../../core/syncState.ts';
import type { MenuItem } from './trayView.ts';

/** A line in a menu has little room; the whole message is in the notification and the log. */
const PROBLEMS: Readonly<Record<ErrorCode, string>> = {
  unauthorized: 'sign-in not accepted',
  forbidden: 'not allowed',
  notFound: 'address not known',
  rateLimited: 'asked to wait',
  serverError: 'trouble on its side',
  unavailable: 'not available',
  network: 'not reachable',
  timeout: 'no answer',
  badResponse: 'answer not understood',
  invalidInput: 'request not accepted',
  locked: 'keychain not available',
  conflict: 'changed meanwhile',
  cancelled: 'stopped',
};

const THEIR_TROUBLE: ReadonlySet<ErrorCode> = new Set(['serverError', 'unavailable', 'badResponse']);
const isTheirTrouble = (error: ErrorInfo | null): boolean =>
  error !== null && THEIR_TROUBLE.has(error.code) && !isDiskTrouble(error);

const info = (id: string, label: string): MenuItem => ({ type: 'info', id, label });

const fixByPrompt = (prompt: PromptKind, label: string): MenuItem => ({
  type: 'command',
  id: `fix.${prompt}`,
  label,
  enabled: true,
  command: { kind: 'prompt', prompt },
});

function chatLine({ id, label, status, error }: ChatState): MenuItem[] {
  if (error !== null && isDiskTrouble(error)) return [info(`chat.${id}`, `${label}: waits for the disk`)];
  if (error !== null) return [info(`chat.${id}`, `${label}: ${PROBLEMS[error.code]}`)];
  if (status === 'handsOff') return [info(`chat.${id}`, `${label}: left as you set it`)];
  if (status === 'offline') return [info(`chat.${id}`, `${label}: you are offline there`)];
  return [];
}

function calendarLine({ id, label, health, error }: CalendarState): MenuItem[] {
  if (error === null) return [];
  const kept = health === 'stale' ? ' (using what was read before)' : '';
  return [info(`calendar.${id}`, `${label}: ${PROBLEMS[error.code]}${kept}`)];
}

function chatFix({ provider, error }: ChatState): MenuItem[] {
  if (error !== null && isDiskTrouble(error)) return [];
  if (error?.code === 'unauthorized' || error?.code === 'forbidden') {
    return provider === 'hipchat'
      ? [fixByPrompt('hipchatToken', 'Update HipChat token…')]
      : [fixByPrompt('slackToken', 'Update Slack token…')];
  }
  return error?.code === 'notFound' ? [fixByPrompt('email', 'Correct email address…')] : [];
}

function calendarFix({ id, provider, error }: CalendarState, settings: Settings): MenuItem[] {
  if (error === null) return [];
  const isRefused = error.code === 'unauthorized' || error.code === 'forbidden';
  if (provider === 'microsoft365') return isRefused ? [fixByPrompt('signIn', 'Sign in to Microsoft 365 again…')] : [];
  const account = settings.calendars.find((candidate) => candidate.id === id);
  const hasPassword = account?.provider === 'ics' && account.username !== '';
  if (isRefused && hasPassword) return [fixByPrompt('icsPassword', 'Update calendar password…')];
  const isGone = error.code === 'notFound' || error.code === 'invalidInput';
  return isRefused || isGone ? [fixByPrompt('icsAddress', 'Correct calendar address…')] : [];
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
  const fixes = [
    ...calendars.flatMap((calendar) => calendarFix(calendar, settings)),
    ...chats.flatMap(chatFix),
    ...helpDesk,
  ];
  const once = fixes.filter((item, index) => fixes.findIndex(({ id }) => id === item.id) === index);
  return [...lines, ...once];
}
