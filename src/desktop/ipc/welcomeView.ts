import { z } from 'zod';
import { providerName } from '../../core/accounts.ts';
import { SETUP_STEPS } from '../../core/setup.ts';
import { dayPictureSchema } from './dayPicture.ts';
import { promptAction, promptAnswer, promptView } from './promptView.ts';
import { speech } from './speech.ts';

const instant = z.number();
const step = z.enum(SETUP_STEPS);
const accountStep = z.enum(['calendar', 'chat']);
const accountId = z.string().min(1).max(200);
const state = z.enum(['available', 'busy', 'dnd', 'away', 'offline']);

/** What is known of an account that was just tried for real. */
const check = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('calendar'), events: z.number(), next: instant.nullable() }),
  z.object({ kind: z.literal('chat'), state, text: z.string() }),
  /** `fix`: what the person can do about it, beside trying again. */
  z.object({
    kind: z.literal('failed'),
    message: z.string(),
    fix: z.enum(['renew', 'email', 'helpDesk', 'checks']),
  }),
]);

const account = z.object({
  id: accountId,
  label: z.string(),
  can: z.array(z.string()),
  cannot: z.array(z.string()),
  check,
});

/** Which service to set up. */
const choose = z.object({
  kind: z.literal('choose'),
  step: accountStep,
  /** `isReady`: nothing of the organisation is missing for it. */
  providers: z.array(z.object({ provider: providerName, name: z.string(), isReady: z.boolean() })),
  /** There are accounts to go back to. */
  canGoBack: z.boolean(),
});

/** One account's sign-in or fields, as a prompt has them. */
const form = z.object({
  kind: z.literal('form'),
  step: accountStep,
  /** A proper name; empty where it is about the person's address. */
  service: z.string(),
  prompt: promptView,
  can: z.array(z.string()),
  cannot: z.array(z.string()),
  /** The address that the person is found by there; null where it does not matter. */
  address: z.object({ email: z.string(), isLocked: z.boolean() }).nullable(),
  /** The organisation has set up the account; only the sign-in is the person's. */
  isGiven: z.boolean(),
  hasHelpDesk: z.boolean(),
});

/** The accounts of a step, each with what came of trying it. */
const connected = z.object({
  kind: z.literal('connected'),
  step: accountStep,
  accounts: z.array(account),
  canAdd: z.boolean(),
  canGoOn: z.boolean(),
});

const chat = z.object({
  id: accountId,
  label: z.string(),
  /** What it is told from now to the end of the day. */
  plan: z.array(z.object({ start: instant, end: instant, state: state.nullable(), text: z.string() })),
  /** What it shows; null while that is not known. */
  shown: z.object({ state, text: z.string() }).nullable(),
  /** Whether that is what the app has set. */
  isOurs: z.boolean(),
  problem: z.string().nullable(),
});

/**
 * The trial: busy for a minute.
 * - `blocked`: it would change nothing, `because` says why
 * - `starting`: not every chat shows it yet; `shown`: every one does; `ending`: not every chat shows the person's own again
 */
const trial = z.object({
  phase: z.enum(['ready', 'blocked', 'starting', 'shown', 'ending', 'over']),
  because: z.enum(['paused', 'locked', 'busy', 'noChat']).nullable(),
  until: instant.nullable(),
});

const setting = z.object({ isOn: z.boolean(), isLocked: z.boolean() });

const tryIt = z.object({
  kind: z.literal('try'),
  /** Null while no calendar could be read. */
  day: dayPictureSchema.nullable(),
  chats: z.array(chat),
  trial,
  launchAtLogin: setting,
  notifications: setting,
});

/** All that the Welcome window shows, made in the main process and pushed anew at every change. */
export const welcomeView = z.object({
  speech,
  zone: z.string(),
  now: instant,
  step,
  /** `canOpen`: the person may go there. */
  steps: z.array(z.object({ step, isDone: z.boolean(), canOpen: z.boolean() })),
  hasSample: z.boolean(),
  /** What could not be done just now. */
  fault: z.string().nullable(),
  body: z.discriminatedUnion('kind', [choose, form, connected, tryIt]),
});

/** What the person asks for. */
export const welcomeAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('goTo'), step }),
  z.object({ kind: z.literal('choose'), provider: providerName }),
  /** From a form to the choice, from the choice to the accounts. */
  z.object({ kind: z.literal('back') }),
  z.object({ kind: z.literal('another') }),
  z.object({ kind: z.literal('submit'), answer: promptAnswer }),
  /** A button of the form. */
  z.object({ kind: z.literal('prompt'), action: promptAction }),
  z.object({ kind: z.literal('check'), account: accountId }),
  z.object({ kind: z.literal('renew'), account: accountId }),
  z.object({ kind: z.enum(['email', 'helpDesk', 'checks', 'tryIt', 'stopTrying', 'sample', 'done', 'close']) }),
  z.object({ kind: z.literal('launchAtLogin'), isOn: z.boolean() }),
  z.object({ kind: z.literal('notifications'), isOn: z.boolean() }),
]);

export type WelcomeView = Readonly<z.infer<typeof welcomeView>>;
export type WelcomeAction = Readonly<z.infer<typeof welcomeAction>>;
export type WelcomeBody<Kind extends WelcomeView['body']['kind']> = Extract<WelcomeView['body'], { kind: Kind }>;
export type WelcomeCheck = Readonly<z.infer<typeof check>>;
export type WelcomeTrialView = Readonly<z.infer<typeof trial>>;
