import { isDiskTrouble } from '../../core/appError.ts';
import { type Prompt, promptId } from '../../core/prompt.ts';
import { remedyOf } from '../../core/remedy.ts';
import type { Settings } from '../../core/settings.ts';
import type { CalendarState, ChatState, SyncState } from '../../core/syncState.ts';
import { fixLabel, problemWords } from './accountWords.ts';
import type { MenuItem } from './trayView.ts';

const info = (id: string, label: string): MenuItem => ({ type: 'info', id, label });

const fixByPrompt = (prompt: Prompt, label: string): MenuItem => ({
  type: 'command',
  id: `fix.${promptId(prompt)}`,
  label,
  enabled: true,
  command: { kind: 'prompt', prompt },
});

const HELP_DESK = 'fix.help-desk';

const helpDesk = (url: string): MenuItem => ({
  type: 'command',
  id: HELP_DESK,
  label: 'Contact the help desk…',
  enabled: true,
  command: { kind: 'openAddress', url },
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

/** What the menu has a place for: the self-test and the log are in it anyway. */
function fixOf(account: ChatState | CalendarState, settings: Settings): MenuItem[] {
  const remedy = remedyOf(account, settings);
  if (remedy?.kind === 'openAddress') return [helpDesk(remedy.url)];
  if (remedy?.kind !== 'prompt') return [];
  const { prompt } = remedy;
  const label = prompt.kind === 'email' ? 'Correct email address…' : fixLabel(account.provider, account.label);
  return [fixByPrompt(prompt, label)];
}

/** A line for each account that is not simply well, and one item for each thing the person can do about it. */
export function accountItems(state: SyncState, settings: Settings): readonly MenuItem[] {
  const { chats, calendars, trouble } = state;
  const disk = chats.find(({ error }) => error !== null && isDiskTrouble(error))?.error;
  const lines = [
    ...(trouble === null ? [] : [info('trouble', trouble.message)]),
    ...(disk == null ? [] : [info('disk', disk.message)]),
    ...calendars.flatMap(calendarLine),
    ...chats.flatMap(chatLine),
  ];
  const fixes = [...calendars, ...chats].flatMap((account) => fixOf(account, settings));
  const once = fixes.filter((item, index) => fixes.findIndex(({ id }) => id === item.id) === index);
  const isHelpDesk = ({ id }: MenuItem) => id === HELP_DESK;
  return [...lines, ...once.filter((item) => !isHelpDesk(item)), ...once.filter(isHelpDesk)];
}
