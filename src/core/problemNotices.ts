import { isChatName } from './accounts.ts';
import { isDiskTrouble } from './appError.ts';
import { errorWords } from './errorWords.ts';
import type { Notice } from './notice.ts';
import { isRefusal, refusalKey } from './refusals.ts';
import { actionOf, localRemedy, remedyOf, troubleOf } from './remedy.ts';
import type { Settings } from './settings.ts';
import type { CalendarState, ChatState, SyncState } from './syncState.ts';
import { type Speech, type TextKey, text } from './texts.ts';

/** The service's own trouble is said when it did not pass by itself at once. */
const TRIES_BEFORE_SAID = 2;

/**
 * The notices that the state calls for: one for each cause, by a stable id. Network trouble is none of them: it is shown in
 * the menu, and passes.
 * @param settingsTrouble what was wrong with the settings file; null when nothing was
 */
export function problemNotices(
  state: SyncState,
  settings: Settings,
  settingsTrouble: string | null,
  speech: Speech,
): readonly Notice[] {
  if (!settings.notifications.problems || state.phase === 'paused') return [];
  const say = (key: TextKey, marks: Readonly<Record<string, string>> = {}) => text(key, speech, marks);
  const notice = (id: string, key: 'keychain' | 'settings' | 'disk', message: string): Notice => ({
    id,
    title: say(`notice.${key}.title`),
    body: say(`notice.${key}.body`, { message }),
    silent: false,
    action: actionOf(localRemedy(key, settings)),
  });
  const notices: Notice[] = [];
  if (settingsTrouble !== null) notices.push(notice('settings', 'settings', settingsTrouble));
  if (state.trouble !== null) notices.push(notice('keychain', 'keychain', errorWords(state.trouble, speech)));
  const accounts = [...state.calendars, ...state.chats];
  const disk = accounts.find(({ error }) => error !== null && isDiskTrouble(error))?.error;
  // One notice, however many chats wait for it.
  if (disk != null) notices.push(notice('disk', 'disk', errorWords(disk, speech)));
  for (const account of accounts) {
    const found = accountNotice(account, settings, speech);
    if (found !== null) notices.push(found);
  }
  return notices;
}

function accountNotice(account: CalendarState | ChatState, settings: Settings, speech: Speech): Notice | null {
  const { error, label, provider } = account;
  if (error === null) return null;
  const made = (
    cause: string,
    key: 'chatAuth' | 'calendarAuth' | 'userNotFound' | 'service' | 'forOthers',
    body: TextKey = `notice.${key}.body`,
  ): Notice => {
    const marks = { chat: label, calendar: label, service: label, message: errorWords(error, speech, label) };
    return {
      id: `${cause}:${account.id}`,
      title: text(`notice.${key}.title`, speech, marks),
      body: text(body, speech, marks),
      silent: false,
      action: actionOf(remedyOf(account, settings)),
    };
  };
  switch (troubleOf(account)) {
    case 'email':
      return made('notFound', 'userNotFound');
    case 'others':
      // The service's own message says whom to ask.
      return made('forOthers', 'forOthers');
    case 'refused': {
      if (!isRefusal(error)) return made('auth', 'forOthers', 'notice.refused.body');
      const key = isChatName(provider) ? 'chatAuth' : 'calendarAuth';
      return made('auth', key, refusalKey(error) === null ? undefined : 'notice.refused.body');
    }
    case 'service': {
      const leadsToLog = remedyOf(account, settings)?.kind === 'openLog';
      if (error.tries < TRIES_BEFORE_SAID) return null;
      return made('service', 'service', leadsToLog ? 'notice.service.log' : undefined);
    }
    default:
      return null;
  }
}
