import type { AccountFact, CheckError, HostFact, SelfTestFacts, TrustedFileFact } from './checkFacts.ts';
import {
  isNetworkReason,
  NETWORK_TEXTS,
  type NetworkReason,
  SIGN_IN_PAGE,
  SIGN_IN_PAGE_TEXT,
} from './networkErrors.ts';
import { MINUTE } from './time.ts';

/**
 * - `ok`: works
 * - `failed`: does not, and `nextStep` says what to do
 * - `unknown`: something else that failed stands before it, or there is nothing to check
 */
export type CheckStatus = 'ok' | 'failed' | 'unknown';

/** One line of the self-test, in plain words. Holds no subject, token, secret or whole address. */
export interface Check {
  /** Stable: `network`, `proxy`, `certificates`, `clock`, `keychain`, `settings`, `signIn`, `permission`, `calendar.ID`, `chat.ID`. */
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  readonly text: string;
  /** Null when all is well. */
  readonly nextStep: string | null;
}

/** A clock that is wrong by more spoils sign-ins and ends meetings at the wrong time. */
export const MOST_SKEW = 2 * MINUTE;

/** Nothing of ours fails. */
export const isWell = (checks: readonly Check[]): boolean => checks.every(({ status }) => status !== 'failed');

export function checksOf(facts: SelfTestFacts): readonly Check[] {
  return [
    network(facts),
    proxy(facts.hosts),
    certificates(facts.hosts, facts.trustedFiles),
    clock(facts.clockAhead),
    keychain(facts.keychain),
    settings(facts),
    ...signInAndPermission(facts.accounts),
    ...facts.accounts.map(account),
  ];
}

const check = (
  id: string,
  title: string,
  status: CheckStatus,
  text: string,
  nextStep: string | null = null,
): Check => ({
  id,
  title,
  status,
  text,
  nextStep: status === 'failed' ? nextStep : null,
});

const list = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format([...new Set(names)]);

/** What keeps an account or a server from working. */
type Stage = 'network' | 'proxy' | 'certificates' | 'keychain' | 'signIn' | 'permission' | 'service';

function stageOf({ code, reason }: CheckError): Stage {
  if (reason?.startsWith('proxy')) return 'proxy';
  if (reason !== null && /^(certificate(?!File)|tls)/.test(reason)) return 'certificates';
  if (code === 'locked') return 'keychain';
  if (code === 'unauthorized') return 'signIn';
  if (code === 'forbidden') return 'permission';
  return code === 'network' || code === 'timeout' || reason === SIGN_IN_PAGE ? 'network' : 'service';
}

const textOf = (error: CheckError) =>
  error.reason === SIGN_IN_PAGE
    ? SIGN_IN_PAGE_TEXT
    : isNetworkReason(error.reason)
      ? NETWORK_TEXTS[error.reason]
      : null;

/** What is wrong with these and what to do, a sentence or two a reason. */
function troubles(failed: readonly (HostFact & { readonly error: CheckError })[]) {
  const reasons = [...new Set(failed.map(({ error }) => error.reason ?? error.code))];
  const told = reasons.map((reason) => {
    const these = failed.filter(({ error }) => (error.reason ?? error.code) === reason);
    const hosts = list(these.map(({ host }) => host));
    const text = these[0] === undefined ? null : textOf(these[0].error);
    return {
      what: (text?.what ?? '{service} could not be reached.').replaceAll('{service}', hosts),
      next: (text?.next ?? 'Check the network connection, proxy and VPN.').replaceAll('{service}', hosts),
    };
  });
  return { text: told.map(({ what }) => what).join(' '), next: told.map(({ next }) => next).join(' ') };
}

const failing = (hosts: readonly HostFact[], stage: Stage) =>
  hosts.flatMap((host) =>
    host.error !== null && stageOf(host.error) === stage ? [{ ...host, error: host.error }] : [],
  );

/** Whether the connection itself came about: what fails later is another line's. */
const isReached = ({ error }: HostFact): boolean => error === null || !['network', 'proxy'].includes(stageOf(error));

function network({ hosts, isOnline }: SelfTestFacts): Check {
  const [id, title] = ['network', 'Network'];
  if (!isOnline) {
    const { what, next } = NETWORK_TEXTS.offline;
    return check(id, title, 'failed', what.replace(' that leads to {service}', ''), next);
  }
  const failed = failing(hosts, 'network');
  if (failed.length > 0) {
    const { text, next } = troubles(failed);
    return check(id, title, 'failed', text, next);
  }
  const reached = hosts.filter(isReached).map(({ host }) => host);
  if (reached.length > 0) return check(id, title, 'ok', `Answers from ${list(reached)}.`);
  const why =
    hosts.length === 0 ? 'There is a connection; no service to reach is set up yet.' : 'The proxy stands before it.';
  return check(id, title, 'unknown', why);
}

function proxy(hosts: readonly HostFact[]): Check {
  const [id, title] = ['proxy', 'Proxy'];
  const failed = failing(hosts, 'proxy');
  const lines = routes(hosts);
  if (failed.length > 0) {
    const { text, next } = troubles(failed);
    return check(id, title, 'failed', [text, ...lines].join(' '), next);
  }
  return lines.length === 0
    ? check(id, title, 'unknown', 'No service to reach is set up yet.')
    : check(id, title, 'ok', lines.join(' '));
}

const SOURCES: Readonly<Record<string, string>> = { system: "this computer's settings" };

/** Which proxy leads where. */
function routes(hosts: readonly HostFact[]): readonly string[] {
  const direct = hosts.filter(({ route }) => route !== null && route.proxy === null).map(({ host }) => host);
  const proxied = hosts.flatMap(({ host, route }) =>
    route?.proxy == null ? [] : [{ host, ...route, proxy: route.proxy }],
  );
  const proxies = [...new Set(proxied.map(({ proxy: address, from }) => `${address} (from ${SOURCES[from] ?? from})`))];
  return [
    ...proxies.map((one) => {
      const here = proxied.filter(({ proxy: address, from }) => `${address} (from ${SOURCES[from] ?? from})` === one);
      return `Through ${one}: ${list(here.map(({ host }) => host))}.`;
    }),
    ...(direct.length === 0 ? [] : [`${proxies.length === 0 ? 'No proxy, directly' : 'Directly'}: ${list(direct)}.`]),
  ];
}

function fileLine({ file, count, outdated, error }: TrustedFileFact): string {
  if (error !== null) return error.message;
  const many = `${count} ${count === 1 ? 'certificate' : 'certificates'}`;
  return outdated === 0 ? `${file}: ${many} read.` : `${file}: ${many} read, ${outdated} of them not valid now.`;
}

function certificates(hosts: readonly HostFact[], files: readonly TrustedFileFact[]): Check {
  const [id, title] = ['certificates', 'Certificates'];
  const failed = failing(hosts, 'certificates');
  const lines = files.map(fileLine);
  const isBroken = files.some(({ error }) => error !== null);
  const mend = 'Put the file there, or correct organisation.trustedCertificateFiles, and start HipStatus again.';
  if (failed.length > 0) {
    const { text, next } = troubles(failed);
    return check(id, title, 'failed', [text, ...lines].join(' '), isBroken ? `${next} ${mend}` : next);
  }
  const trusted = hosts.filter(({ isSecure, error }) => isSecure && error === null).map(({ host }) => host);
  const text = [...(trusted.length === 0 ? [] : [`Trusted: ${list(trusted)}.`]), ...lines].join(' ');
  if (isBroken) return check(id, title, 'failed', text, mend);
  return trusted.length > 0
    ? check(id, title, 'ok', text)
    : check(id, title, 'unknown', [reached(hosts), text].join(' ').trim());
}

/** Why no certificate was looked at. */
const reached = (hosts: readonly HostFact[]): string =>
  hosts.some(({ error }) => error === null)
    ? 'No connection here needs one.'
    : 'None was seen: nothing could be reached.';

function clock(ahead: number | null): Check {
  const [id, title] = ['clock', 'Clock'];
  if (ahead === null) return check(id, title, 'unknown', 'No service has said what time it is.');
  const minutes = Math.round(Math.abs(ahead) / MINUTE);
  if (Math.abs(ahead) <= MOST_SKEW) return check(id, title, 'ok', "This computer's clock agrees with the services'.");
  const text = `This computer's clock is ${minutes} minutes ${ahead > 0 ? 'ahead of' : 'behind'} the services'.`;
  return check(
    id,
    title,
    'failed',
    text,
    "Have the clock set automatically, in this computer's date and time settings.",
  );
}

function keychain(error: CheckError | null): Check {
  const [id, title] = ['keychain', 'Keychain'];
  if (error === null) return check(id, title, 'ok', 'It can be used.');
  return check(id, title, 'failed', error.message, 'Unlock the keychain, or set one up for your session.');
}

function settings({ settings: problems, accounts }: SelfTestFacts): Check {
  const [id, title] = ['settings', 'Settings'];
  const said = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  if (said.length > 0) {
    return check(id, title, 'failed', said.join(' '), 'Correct these values; until then they are not used.');
  }
  const missing = (['calendar', 'chat'] as const).filter((kind) => !accounts.some((one) => one.kind === kind));
  if (missing.length === 0) return check(id, title, 'ok', 'All could be read.');
  const text = `All could be read, but no ${missing.join(' and no ')} is set up.`;
  return check(id, title, 'failed', text, 'Start HipStatus; it asks for what is missing.');
}

/** Two lines over all accounts: who accepts the sign-in, and who lets us do what we need. */
function signInAndPermission(accounts: readonly AccountFact[]): readonly Check[] {
  const stage = (one: AccountFact): Stage | null => (one.error === null ? null : stageOf(one.error));
  const line = (
    id: string,
    title: string,
    failedStage: Stage,
    words: readonly [string, string],
    isPassed: (one: AccountFact) => boolean,
  ) => {
    const failed = accounts.filter((one) => stage(one) === failedStage);
    const passed = accounts.filter(isPassed);
    const [good, bad] = words;
    const text = [
      ...(failed.length === 0 ? [] : [`${bad} ${list(failed.map(({ label }) => label))}.`]),
      ...(passed.length === 0 ? [] : [`${good} ${list(passed.map(({ label }) => label))}.`]),
    ].join(' ');
    if (failed.length > 0) {
      const next = [...new Set(failed.map(({ error }) => error?.message ?? ''))].join(' ');
      return check(id, title, 'failed', text, next);
    }
    const why =
      accounts.length === 0 ? 'No account is set up yet.' : 'Could not be tried: something else stands before it.';
    return passed.length > 0 ? check(id, title, 'ok', text) : check(id, title, 'unknown', why);
  };
  return [
    line('signIn', 'Sign-in', 'signIn', ['Accepted by', 'Not accepted by'], (one) =>
      [null, 'permission'].includes(stage(one)),
    ),
    line('permission', 'Permission', 'permission', ['Given by', 'Not given by'], (one) => one.error === null),
  ];
}

const WHERE: Readonly<Record<Stage, string>> = {
  network: 'See "Network".',
  proxy: 'See "Proxy".',
  certificates: 'See "Certificates".',
  keychain: 'See "Keychain".',
  signIn: '',
  permission: '',
  service: '',
};

function account({ id, kind, label, error, events, can }: AccountFact): Check {
  const key = `${kind}.${id}`;
  if (error === null) {
    const found = `Could be read: ${events ?? 0} ${events === 1 ? 'event' : 'events'} in the next hour.`;
    const shown = can.length === 0 ? 'Could be read.' : `Could be read. It can be told: ${list(can)}.`;
    return check(key, label, 'ok', kind === 'calendar' ? found : shown);
  }
  const stage = stageOf(error);
  const reason: NetworkReason | null = isNetworkReason(error.reason) ? error.reason : null;
  const text = textOf(error);
  if (text === null) return check(key, label, 'failed', error.message, NEXT[stage] ?? null);
  return check(
    key,
    label,
    'failed',
    text.what.replaceAll('{service}', label),
    reason === null ? text.next : WHERE[stage],
  );
}

const NEXT: Readonly<Partial<Record<Stage, string>>> = {
  signIn: 'Renew the sign-in or the token from the menu.',
  permission: 'Ask your administrator for the permission, then sign in again.',
  keychain: 'Unlock the keychain.',
  network: 'Check the network connection, proxy and VPN.',
  service: 'HipStatus tries again by itself. If it stays so, show this to your help desk.',
};
