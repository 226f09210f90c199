import { isDiskTrouble } from '../../core/appError.ts';
import { errorWords } from '../../core/errorWords.ts';
import { type Prompt, promptId } from '../../core/prompt.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import { remedyOf } from '../../core/remedy.ts';
import type { Settings } from '../../core/settings.ts';
import type { CalendarState, ChatState, SyncState } from '../../core/syncState.ts';
import { type Speech, text } from '../../core/texts.ts';
import { problemWords } from './accountWords.ts';
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

const helpDesk = (url: string, speech: Speech): MenuItem => ({
  type: 'command',
  id: HELP_DESK,
  label: text('menu.fix.helpDesk', speech),
  enabled: true,
  command: { kind: 'openAddress', url },
});

const checks = (speech: Speech): MenuItem => ({
  type: 'command',
  id: 'fix.checks',
  label: text('fix.checks', speech),
  enabled: true,
  command: { kind: 'checkConnections' },
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

/** What a line of an account leads to. The log is in the menu anyway, and the line says what to do. */
function fixOf(account: ChatState | CalendarState, settings: Settings, speech: Speech): MenuItem[] {
  const remedy = remedyOf(account, settings);
  if (remedy?.kind === 'openAddress') return [helpDesk(remedy.url, speech)];
  if (remedy?.kind === 'checks') return [checks(speech)];
  if (remedy?.kind !== 'prompt') return [];
  const { prompt } = remedy;
  const { renews } = entryOf(account.provider);
  const label =
    prompt.kind === 'email'
      ? text('menu.fix.email', speech)
      : text(`menu.fix.${renews}`, speech, { account: account.label });
  return [fixByPrompt(prompt, label)];
}

/** A line for each account that is not simply well, and one item for each thing the person can do about it. */
export function accountItems(state: SyncState, settings: Settings, speech: Speech): readonly MenuItem[] {
  const { chats, calendars, trouble } = state;
  const disk = chats.find(({ error }) => error !== null && isDiskTrouble(error))?.error;
  const lines = [
    ...(trouble === null ? [] : [info('trouble', errorWords(trouble, speech))]),
    ...(disk == null ? [] : [info('disk', errorWords(disk, speech))]),
    ...calendars.flatMap((one) => calendarLine(one, speech)),
    ...chats.flatMap((one) => chatLine(one, speech)),
  ];
  const fixes = [...calendars, ...chats].flatMap((account) => fixOf(account, settings, speech));
  const once = fixes.filter((item, index) => fixes.findIndex(({ id }) => id === item.id) === index);
  const isHelpDesk = ({ id }: MenuItem) => id === HELP_DESK;
  return [...lines, ...once.filter((item) => !isHelpDesk(item)), ...once.filter(isHelpDesk)];
}
