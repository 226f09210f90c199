import { goesByEmail } from './accountSecrets.ts';
import { type Account, isChatName, newAccountId, type ProviderName } from './accounts.ts';
import { accountOf } from './answers.ts';
import type { ErrorInfo } from './appError.ts';
import type { Prompt } from './prompt.ts';
import { entryOf } from './providerCatalogue.ts';
import type { Settings } from './settings.ts';
import type { CalendarState, ChatState, SyncState } from './syncState.ts';

/** What the person still has to give before anything can work: the prompt for it, or null when all is there. */
export function missingStep(settings: Settings): Prompt | null {
  if (settings.calendars.length === 0) return { kind: 'add', provider: 'microsoft365' };
  if (settings.chats.length === 0) return { kind: 'add', provider: 'hipchat' };
  // Asked for only where somebody is to be found by it; a sign-in may have told it.
  const isSought = settings.chats.some((chat) => goesByEmail(chat) && chat.email === '');
  return settings.email === '' && isSought ? { kind: 'email' } : null;
}

/** Whether an account that is added now would go by the person's address, which is not known yet. */
export const lacksAddress = (provider: ProviderName, { email, calendars, chats }: Settings): boolean =>
  email === '' && goesByEmail(accountOf(provider, newAccountId(provider, [...calendars, ...chats]), {}));

/** Whether people can sign in there, or need no sign-in: some services want an app of the organisation's for it. */
export function isReady(provider: ProviderName, { graphClientId, googleClientId }: Settings['organisation']): boolean {
  const { signIn, session } = entryOf(provider);
  if (signIn !== 'browser') return true;
  return (session === 'msalcache' ? graphClientId : googleClientId) !== '';
}

/** The steps of the first start, in their order. */
export const SETUP_STEPS = ['calendar', 'chat', 'try'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];
/** The steps in which accounts are set up. */
export type AccountStep = Exclude<SetupStep, 'try'>;

/** An account that is configured without what lets the person in. */
export const isBare = (error: Pick<ErrorInfo, 'reason'> | null | undefined): boolean =>
  error?.reason === 'noSecret' || error?.reason === 'interactionRequired';

/** The accounts of a step, as the settings have them. */
export const accountsOf = (step: AccountStep, { calendars, chats }: Settings): readonly Account[] =>
  step === 'chat' ? chats : calendars;

/** The same as the engine has them; those of the settings that it does not know yet are absent. */
export const statesOf = (step: AccountStep, { calendars, chats }: SyncState): readonly (CalendarState | ChatState)[] =>
  step === 'chat' ? chats : calendars;

/** The accounts of a step that wait for the person's sign-in or token. */
export const bareAccounts = (step: AccountStep, settings: Settings, state: SyncState): readonly Account[] =>
  accountsOf(step, settings).filter(({ id }) => isBare(statesOf(step, state).find((one) => one.id === id)?.error));

/** Whether nothing is left to do in a step. */
export function isStepDone(step: SetupStep, settings: Settings, state: SyncState): boolean {
  if (step === 'try') return settings.welcome === 'done';
  if (step === 'chat' && missingStep(settings)?.kind === 'email') return false;
  return accountsOf(step, settings).length > 0 && bareAccounts(step, settings, state).length === 0;
}

/** The step that comes next: the first in which something is left, or else the last. */
export const nextSetupStep = (settings: Settings, state: SyncState): SetupStep =>
  SETUP_STEPS.find((step) => !isStepDone(step, settings, state)) ?? 'try';

/**
 * Whether the set-up has something for the person to do. A token that an account of their own has lost later is not it: there are
 * notices and prompts for that.
 * @param locked dotted paths of the keys that the organisation has set
 */
export function isSetupLeft(settings: Settings, locked: ReadonlySet<string>, state: SyncState): boolean {
  if (missingStep(settings) !== null || settings.welcome === 'begun') return true;
  const isGiven = ({ provider }: Account) => locked.has(isChatName(provider) ? 'chats' : 'calendars');
  const bare = [...bareAccounts('calendar', settings, state), ...bareAccounts('chat', settings, state)];
  return settings.welcome === 'unseen' && bare.some(isGiven);
}
