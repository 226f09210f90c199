import { abilities } from '../../core/abilities.ts';
import { type Account, accountLabel, PROVIDER_NAMES } from '../../core/accounts.ts';
import { isChat } from '../../core/answers.ts';
import { AppError } from '../../core/appError.ts';
import type { AccountFact } from '../../core/checkFacts.ts';
import { draftOf } from '../../core/draft.ts';
import { errorWords } from '../../core/errorWords.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import { remedyOf } from '../../core/remedy.ts';
import type { Settings } from '../../core/settings.ts';
import { valueAt } from '../../core/settingsCheck.ts';
import type { SyncState } from '../../core/syncState.ts';
import { type Speech, text } from '../../core/texts.ts';
import type { Instant, TimeZone } from '../../core/time.ts';
import type { PreferencesTab } from '../ipc/preferencesTabs.ts';
import type { PreferencesAccount, PreferencesView } from '../ipc/preferencesView.ts';
import { accountState } from './accountWords.ts';
import { fixOf } from './fix.ts';
import { addable } from './promptAccounts.ts';

/** How an account has answered when it was tried. */
export interface Trial {
  readonly isRunning: boolean;
  readonly at: Instant | null;
  readonly fact: AccountFact | null;
}

export interface PreferencesInput {
  readonly state: SyncState;
  readonly settings: Settings;
  /** Dotted paths of the keys that the organisation has set. */
  readonly locked: ReadonlySet<string>;
  /** By the account's id. */
  readonly trials: ReadonlyMap<string, Trial>;
  readonly tab: { readonly name: PreferencesTab; readonly asked: number };
  readonly speech: Speech;
  readonly zone: TimeZone;
}

/** Pure: the same input gives the same view. */
export function preferencesViewOf(input: PreferencesInput): PreferencesView {
  const { state, settings, locked, tab, speech, zone } = input;
  const { email, launchAtLogin, onQuit, language, refreshMinutes, notifications, organisation } = settings;
  return {
    speech,
    zone,
    tab,
    accounts: [...settings.calendars, ...settings.chats].map((account) => accountView(account, input)),
    addable: (['calendar', 'chat'] as const).flatMap((kind) =>
      addable(settings, kind).map((provider) => ({ provider, kind, name: PROVIDER_NAMES[provider] })),
    ),
    chats: settings.chats.map((chat) => {
      const found = state.chats.find(({ id }) => id === chat.id)?.capabilities;
      return { id: chat.id, label: accountLabel(chat), textLimit: found?.textLimit ?? 0, emoji: found?.emoji ?? false };
    }),
    lastSyncAt: state.lastSyncAt,
    isSyncing: state.syncing,
    saved: draftOf(settings),
    general: { email, launchAtLogin, onQuit, language, refreshMinutes, notifications },
    locked: [...locked],
    managed: {
      name: organisation.name,
      because: organisation.lockedBecause,
      helpDesk: organisation.helpDeskUrl,
      keys: [...locked]
        .filter((path) => !SHOWN_BESIDE.has(path))
        .map((path) => ({ path, value: shownValue(path, settings) })),
    },
  };
}

function accountView(account: Account, { state, trials, settings, speech }: PreferencesInput): PreferencesAccount {
  const { id } = account;
  const chat = isChat(account) ? state.chats.find((one) => one.id === id) : undefined;
  const calendar = isChat(account) ? undefined : state.calendars.find((one) => one.id === id);
  const known = chat ?? calendar;
  const trial = trials.get(id);
  const remedy = known === undefined ? null : remedyOf(known, settings);
  const isRenewal = remedy?.kind === 'prompt' && remedy.prompt.kind === 'renew';
  const renewal = text(`menu.renew.${entryOf(account.provider).renews}`, speech);
  const label = accountLabel(account);
  return {
    id,
    kind: isChat(account) ? 'chat' : 'calendar',
    label,
    state: accountState(known, speech),
    tone:
      known === undefined ? 'none' : known.error !== null ? 'bad' : calendar?.health === 'unknown' ? 'none' : 'good',
    message: known?.error == null ? null : errorWords(known.error, speech, label),
    fix: isRenewal ? renewal : (fixOf(remedy, speech)?.label ?? null),
    lastReadAt: calendar?.lastReadAt ?? null,
    renew: isRenewal ? null : renewal,
    choosesCalendars: 'calendars' in account,
    abilities:
      isChat(account) && chat === undefined ? { can: [], cannot: [] } : abilities(chat?.capabilities ?? null, speech),
    trial:
      trial === undefined
        ? null
        : {
            isRunning: trial.isRunning,
            at: trial.at,
            error: trial.fact?.error ?? null,
            events: trial.fact?.events ?? null,
          },
  };
}

/** What the window says of the organisation itself. */
const SHOWN_BESIDE = new Set(['organisation.name', 'organisation.lockedBecause', 'organisation.helpDeskUrl']);

/** What the organisation itself keeps for itself. */
const SECRET = new Set(['organisation.googleClientSecret']);

/** A value as far as it can be shown: accounts by their names, secrets not at all. */
function shownValue(path: string, settings: Settings): PreferencesView['managed']['keys'][number]['value'] {
  if (SECRET.has(path)) return null;
  if (path === 'calendars') return settings.calendars.map(accountLabel);
  if (path === 'chats') return settings.chats.map(accountLabel);
  const value = valueAt(settings, path.split('.'));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(entryWords);
  return path === 'organisation.texts' ? Object.values(settings.organisation.texts) : null;
}

/** One entry of a list: a category by its name, a stretch of working hours by its times. */
function entryWords(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  const found = entry as Readonly<Record<string, unknown>>;
  return typeof found['name'] === 'string' ? found['name'] : `${String(found['from'])} – ${String(found['to'])}`;
}

/** The accounts with one of them a place further up or down among its kind. Throws `AppError('notFound')`. */
export function moved({ calendars, chats }: Settings, id: string, by: -1 | 1): Partial<Settings> {
  const swap = <T extends { readonly id: string }>(list: readonly T[]): T[] | null => {
    const from = list.findIndex((account) => account.id === id);
    const [one, other] = [list[from], list[from + by]];
    if (one === undefined || other === undefined) return null;
    return list.with(from, other).with(from + by, one);
  };
  const [first, second] = [swap(calendars), swap(chats)];
  if (first !== null) return { calendars: first };
  if (second !== null) return { chats: second };
  throw new AppError('notFound', 'This account can go no further.');
}
