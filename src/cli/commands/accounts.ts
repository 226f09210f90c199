import { abilities } from '../../core/abilities.ts';
import { type Account, accountLabel, type ProviderName } from '../../core/accounts.ts';
import { type Answers, fieldsToAdd, isChat } from '../../core/answers.ts';
import { AppError } from '../../core/appError.ts';
import { type CatalogueField, isSecretField } from '../../core/catalogueEntry.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import { ENGLISH, text } from '../../core/texts.ts';
import { SECOND } from '../../core/time.ts';
import { giveBack } from '../../engine/giveBack.ts';
import { optionOf } from '../accountArgs.ts';
import type { Cli } from '../compose.ts';
import { type ExitCode, type Output, section } from '../output.ts';
import type { Question } from '../readAnswers.ts';
import { calendarLine, chatLine, type Here } from '../stateText.ts';
import { showCode, syncIfRunning } from './signIn.ts';

type ListDeps = Pick<Cli, 'clock' | 'settings' | 'stateFile' | 'runningPid'>;
type Deps = ListDeps &
  Pick<Cli, 'accounts' | 'claims' | 'lock' | 'logger' | 'paths' | 'providers' | 'requestSync' | 'secrets'>;

/** How long the running HipStatus may take to give back: its own patience, and a while for reading the settings. */
const PATIENCE = 30 * SECOND;
const LOOK = SECOND / 5;

/** `hipstatus accounts`: every calendar and chat, and how the running HipStatus finds it. */
export async function listAccounts(deps: ListDeps, output: Output): Promise<ExitCode> {
  const here: Here = { now: deps.clock.now(), zone: deps.clock.zone() };
  const { calendars, chats } = deps.settings.get();
  const isRunning = (await deps.runningPid()) !== null;
  const state = isRunning ? deps.stateFile.read() : null;
  const told = (account: Account) => {
    const { id } = account;
    const calendar = state?.calendars.find((one) => one.id === id);
    const chat = state?.chats.find((one) => one.id === id);
    const error = calendar?.error ?? chat?.error ?? null;
    const line = isChat(account) ? chat && chatLine(chat, here) : calendar && calendarLine(calendar, here);
    const able = chat === undefined ? null : abilities(chat.capabilities, ENGLISH);
    return {
      id,
      provider: account.provider,
      label: accountLabel(account),
      error: error?.code ?? null,
      abilities: able,
      line,
    };
  };
  const lists = { calendars: calendars.map(told), chats: chats.map(told) };
  const shown = ({ line, ...rest }: ReturnType<typeof told>) => rest;
  output.data({ running: isRunning, calendars: lists.calendars.map(shown), chats: lists.chats.map(shown) });
  const lines = (accounts: readonly ReturnType<typeof told>[]) =>
    accounts.flatMap(({ id, label, line, abilities: able }) => [
      `${id}: ${line ?? label}`,
      ...(able?.cannot ?? []).map((one) => `  cannot ${one}`),
    ]);
  for (const line of [
    ...section('Calendars:', lines(lists.calendars)),
    ...section('Chats:', lines(lists.chats)),
    ...(calendars.length + chats.length === 0 ? ['None yet. Add one with: hipstatus accounts add PROVIDER'] : []),
    ...(isRunning ? [] : ['HipStatus is not running, so nothing is known of how they stand.']),
  ]) {
    output.line(line);
  }
  return 0;
}

/** `hipstatus accounts add`: asks for what the service needs, tries it, and says what can be done there. */
export async function addAccount(
  deps: Deps,
  command: {
    readonly provider: ProviderName;
    readonly answers: Answers;
    readonly browser: boolean;
    readonly deviceCode: boolean;
  },
  read: (questions: readonly Question[], given: Answers) => Promise<Answers>,
  output: Output,
  stopped: AbortSignal,
): Promise<ExitCode> {
  const { provider, browser, deviceCode } = command;
  const { settings, secrets } = deps;
  const entry = entryOf(provider);
  await secrets.probe();
  const accounts = deps.accounts({ onRenewed: () => syncIfRunning(deps), onLeft: async () => true });
  const { calendars, chats, organisation } = settings.get();
  const isFurther = [...calendars, ...chats].some((account) => account.provider === provider);
  const say = (key: CatalogueField['label'] | undefined) =>
    key === undefined ? '' : text(key, { ...ENGLISH, overrides: organisation.texts });
  const questions = fieldsToAdd(provider, isFurther).map(
    (field): Question => ({
      key: field.key,
      label: say(field.label),
      hint: say(field.hint),
      isSecret: isSecretField(field),
      isRequired: field.optional !== true && field.goesWith === undefined,
      goesWith: field.goesWith ?? null,
      option: isSecretField(field) ? null : `--${optionOf(field.key)}`,
    }),
  );
  const isBrowser = entry.signIn === 'browser' || browser;
  const hasCode = isBrowser && deviceCode && entry.deviceCode === true;
  if (isBrowser && !hasCode) output.line('Your browser opens for the sign-in.');
  if (!isBrowser) output.line(say(entry.message));
  const answers = isBrowser ? {} : await read(questions, command.answers);
  const signIn = isBrowser ? (hasCode ? { onCode: showCode(output) } : {}) : undefined;
  const { accountId, label, capabilities } = await accounts.add(provider, answers, stopped, signIn);
  const able = abilities(capabilities, ENGLISH);
  output.data({ added: { id: accountId, provider, label, abilities: able } });
  output.line(`${label} is connected, as "${accountId}".`);
  for (const line of [...section('HipStatus can now:', able.can), ...section('It cannot:', able.cannot)]) {
    output.line(line);
  }
  return 0;
}

/** `hipstatus accounts remove`: gives back first, then forgets. */
export async function removeAccount(
  deps: Deps,
  { account }: { readonly account: string },
  output: Output,
): Promise<ExitCode> {
  const accounts = deps.accounts({ onRenewed: async () => {}, onLeft: (left) => leave(deps, left) });
  const { label, gaveBack } = await accounts.remove(account);
  output.data({ removed: { id: account, label, gaveBack } });
  output.line(`${label} is removed, and its secrets are deleted from the keychain.`);
  if (!gaveBack) output.line(`Your status there could not be given back: change it in ${label} yourself.`);
  return gaveBack ? 0 : 1;
}

/** By the running HipStatus where there is one: a chat never has two writers. */
async function leave(deps: Deps, account: Account): Promise<boolean> {
  if (!isChat(account)) return true;
  const held = await deps.lock();
  if ('heldBy' in held) return leftBy(deps, account.id, held.heldBy);
  try {
    return await giveBack(account, deps);
  } finally {
    held.release();
  }
}

/** Waits for the running program to have given back, which it does as soon as the settings no longer have the account. */
async function leftBy(deps: Deps, accountId: string, pid: number): Promise<boolean> {
  const { clock, stateFile, claims } = deps;
  const asked = clock.now();
  deps.requestSync();
  while (clock.now() - asked < PATIENCE) {
    const state = stateFile.read();
    const isGone = state?.chats.every(({ id }) => id !== accountId) === true;
    if (isGone) return ((await claims.load()).get(accountId)?.claim ?? null) === null;
    await new Promise<void>((resolve) => void clock.after(LOOK, resolve));
  }
  const message = `HipStatus (process ${pid}) did not give back your status in time, so the secret stays in the keychain.`;
  throw new AppError('timeout', message);
}
