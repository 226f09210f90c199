import { isChatName } from './accounts.ts';
import { type ErrorCode, isDiskTrouble } from './appError.ts';
import { errorWords } from './errorWords.ts';
import { SIGN_IN_PAGE } from './networkErrors.ts';
import type { Notice, NoticeAction } from './notice.ts';
import { entryOf } from './providerCatalogue.ts';
import { isForOthers, isRefusal, refusalKey } from './refusals.ts';
import type { Settings } from './settings.ts';
import type { CalendarState, ChatState, SyncState } from './syncState.ts';
import { type Speech, type TextKey, text } from './texts.ts';

/** The service's own trouble: said when it did not pass by itself at once. */
const SERVICE_TROUBLE: ReadonlySet<ErrorCode> = new Set(['serverError', 'unavailable', 'badResponse']);
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
    action: { kind: 'openLog' },
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
  if (error === null || isDiskTrouble(error)) return null;
  const isChat = isChatName(provider);
  const renew: NoticeAction = { kind: 'prompt', prompt: { kind: 'renew', account: account.id } };
  const made = (
    cause: string,
    key: 'chatAuth' | 'calendarAuth' | 'userNotFound' | 'service' | 'forOthers',
    action: NoticeAction,
    body: TextKey = `notice.${key}.body`,
  ): Notice => {
    const marks = { chat: label, calendar: label, service: label, message: errorWords(error, speech, label) };
    return {
      id: `${cause}:${account.id}`,
      title: text(`notice.${key}.title`, speech, marks),
      body: text(body, speech, marks),
      silent: false,
      action,
    };
  };
  const url = settings.organisation.helpDeskUrl;
  if (error.code === 'notFound' && entryOf(provider).byEmail === true) {
    return made('notFound', 'userNotFound', { kind: 'prompt', prompt: { kind: 'email' } });
  }
  if (isForOthers(error)) {
    // The service's own message says whom to ask.
    return made('forOthers', 'forOthers', url === '' ? { kind: 'none' } : { kind: 'openAddress', url });
  }
  if (isRefusal(error)) {
    const key = isChat ? 'chatAuth' : 'calendarAuth';
    return made('auth', key, renew, refusalKey(error) === null ? undefined : 'notice.refused.body');
  }
  // A sign-in page is the network's, not the service's.
  if (error.reason === SIGN_IN_PAGE) return null;
  if (SERVICE_TROUBLE.has(error.code) && error.tries >= TRIES_BEFORE_SAID) {
    return made('service', 'service', url === '' ? { kind: 'openLog' } : { kind: 'openAddress', url });
  }
  return null;
}
