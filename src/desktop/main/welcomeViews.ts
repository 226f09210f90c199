import { abilities } from '../../core/abilities.ts';
import { goesByEmail } from '../../core/accountSecrets.ts';
import {
  type Account,
  accountLabel,
  type ChatAccount,
  type ChatName,
  isChatName,
  newAccountId,
  PROVIDER_NAMES,
  type ProviderName,
} from '../../core/accounts.ts';
import { accountOf } from '../../core/answers.ts';
import type { DayState } from '../../core/dayState.ts';
import { errorWords } from '../../core/errorWords.ts';
import type { ChatCapabilities } from '../../core/presence.ts';
import type { Settings } from '../../core/settings.ts';
import {
  type AccountStep,
  accountsOf,
  bareAccounts,
  isReady,
  isStepDone,
  SETUP_STEPS,
  type SetupStep,
} from '../../core/setup.ts';
import type { SyncState } from '../../core/syncState.ts';
import type { Telling } from '../../core/tellings.ts';
import type { Speech } from '../../core/texts.ts';
import type { Instant, TimeZone } from '../../core/time.ts';
import type { WelcomeBody, WelcomeCheck, WelcomeTrialView, WelcomeView } from '../ipc/welcomeView.ts';
import { accountOfPrompt, addable } from './promptAccounts.ts';
import type { WelcomeForm } from './welcomeSession.ts';
import type { TrialFacts } from './welcomeTrial.ts';

/** All that the view is made of. */
export interface WelcomeFacts {
  readonly settings: Settings;
  readonly locked: ReadonlySet<string>;
  readonly state: SyncState;
  readonly now: Instant;
  readonly zone: TimeZone;
  readonly speech: Speech;
  readonly step: SetupStep;
  /** Which service to set up is asked. */
  readonly isChoosing: boolean;
  readonly form: WelcomeForm | null;
  readonly check: (accountId: string) => WelcomeCheck;
  readonly day: () => DayState;
  readonly tellings: (chat: ChatAccount) => readonly Telling[];
  readonly trial: (facts: TrialFacts) => WelcomeTrialView;
  readonly capabilities: Readonly<Record<ChatName, ChatCapabilities>>;
  readonly hasSample: boolean;
  readonly fault: string | null;
}

/** What the Welcome window shows. */
export function welcomeView(facts: WelcomeFacts): WelcomeView {
  const { settings, state, step, form, now, zone, speech, hasSample, fault } = facts;
  const canOpen = (one: SetupStep): boolean => {
    const before = SETUP_STEPS.slice(0, SETUP_STEPS.indexOf(one));
    return before.every((other) => other === 'try' || canGoOn(other, facts));
  };
  return {
    speech: { ...speech, overrides: { ...speech.overrides } },
    zone,
    now,
    step,
    steps: SETUP_STEPS.map((one) => ({
      step: one,
      isDone: isStepDone(one, settings, state),
      canOpen: canOpen(one),
    })),
    hasSample,
    fault,
    body:
      step === 'try'
        ? tryBody(facts)
        : form !== null
          ? formBody(step, form, facts)
          : facts.isChoosing
            ? chooseBody(step, facts)
            : connectedBody(step, facts),
  };
}

const isLocked = (step: AccountStep, { locked }: WelcomeFacts): boolean =>
  locked.has(step === 'chat' ? 'chats' : 'calendars');

/** One account that can be used is enough to go on; one that is just not reachable can be used later. */
function canGoOn(step: AccountStep, facts: WelcomeFacts): boolean {
  const { settings, state, check } = facts;
  const bare = bareAccounts(step, settings, state);
  const works = ({ id }: Account) => ['calendar', 'chat'].includes(check(id).kind);
  return accountsOf(step, settings).some((account) => !bare.includes(account) || works(account));
}

function chooseBody(step: AccountStep, facts: WelcomeFacts): WelcomeBody<'choose'> {
  const { settings } = facts;
  const offered = isLocked(step, facts) ? [] : addable(settings, step);
  const providers = offered.map((provider) => ({
    provider,
    name: PROVIDER_NAMES[provider],
    isReady: isReady(provider, settings.organisation),
  }));
  return {
    kind: 'choose',
    step,
    // What can't be used here yet comes last.
    providers: [...providers.filter((one) => one.isReady), ...providers.filter((one) => !one.isReady)],
    canGoBack: accountsOf(step, settings).length > 0,
  };
}

function formBody(step: AccountStep, { prompt, then }: WelcomeForm, facts: WelcomeFacts): WelcomeBody<'form'> {
  const { settings, locked } = facts;
  const asked = prompt.prompt;
  const account = accountOfPrompt(asked, settings);
  const provider = asked.kind === 'add' ? asked.provider : (account?.provider ?? then);
  const shown = prompt.view();
  const about = account ?? (provider === null ? null : accountOf(provider, newId(provider, settings), {}));
  const isByAddress = asked.kind !== 'email' && about !== null && goesByEmail(about);
  return {
    kind: 'form',
    step,
    service: provider === null ? '' : PROVIDER_NAMES[provider],
    prompt: {
      ...shown,
      // The ways round are behind "Back"; where something went wrong, they are the next step.
      actions: shown.actions.filter(({ id }) => shown.error !== null || !/^(use|choose):/.test(id)),
    },
    ...abilitiesOf(provider, facts),
    address: isByAddress && settings.email !== '' ? { email: settings.email, isLocked: locked.has('email') } : null,
    isGiven: account !== null && isLocked(step, facts),
    hasHelpDesk: settings.organisation.helpDeskUrl !== '',
  };
}

const newId = (provider: ProviderName, { calendars, chats }: Settings): string =>
  newAccountId(provider, [...calendars, ...chats]);

/** What could be done with an account of the provider, at best. */
function abilitiesOf(provider: ProviderName | null, { capabilities, speech }: WelcomeFacts) {
  if (provider === null) return { can: [], cannot: [] };
  const { can, cannot } = abilities(isChatName(provider) ? capabilities[provider] : null, speech);
  return { can: [...can], cannot: [...cannot] };
}

function connectedBody(step: AccountStep, facts: WelcomeFacts): WelcomeBody<'connected'> {
  const { settings, state, check, capabilities, speech } = facts;
  const able = (account: Account) => {
    if (!isChatName(account.provider)) return abilities(null, speech);
    const known = state.chats.find(({ id }) => id === account.id)?.capabilities;
    return abilities(known ?? capabilities[account.provider], speech);
  };
  const bare = bareAccounts(step, settings, state);
  return {
    kind: 'connected',
    step,
    accounts: accountsOf(step, settings).map((account) => {
      const { can, cannot } = able(account);
      const tried = check(account.id);
      const error = state[step === 'chat' ? 'chats' : 'calendars'].find(({ id }) => id === account.id)?.error;
      // Nothing was given yet that could be tried.
      const isUntried = bare.includes(account) && tried.kind === 'checking';
      return {
        id: account.id,
        label: accountLabel(account),
        can: [...can],
        cannot: [...cannot],
        check: isUntried
          ? {
              kind: 'failed',
              message: error == null ? '' : errorWords(error, speech, accountLabel(account)),
              fix: 'renew',
            }
          : tried,
      };
    }),
    canAdd: !isLocked(step, facts),
    canGoOn: canGoOn(step, facts),
  };
}

function tryBody(facts: WelcomeFacts): WelcomeBody<'try'> {
  const { settings, locked, state, now, speech, day, tellings, trial } = facts;
  const { picture, isKnown, chats } = day();
  return {
    kind: 'try',
    day: isKnown ? (picture as WelcomeBody<'try'>['day']) : null,
    chats: settings.chats.map((chat) => {
      const seen = chats.find(({ id }) => id === chat.id);
      const error = state.chats.find(({ id }) => id === chat.id)?.error ?? null;
      return {
        id: chat.id,
        label: accountLabel(chat),
        plan: tellings(chat).map(({ start, end, state: told, text }) => ({ start, end, state: told, text })),
        shown: seen?.shown == null ? null : { state: seen.shown.state, text: seen.shown.text },
        isOurs: seen?.isOurs ?? false,
        problem: error === null ? null : errorWords(error, speech, accountLabel(chat)),
      };
    }),
    trial: trial({ state, chats, settings, locked, now }),
    launchAtLogin: { isOn: settings.launchAtLogin, isLocked: locked.has('launchAtLogin') },
    notifications: { isOn: settings.notifications.status, isLocked: locked.has('notifications.status') },
  };
}
