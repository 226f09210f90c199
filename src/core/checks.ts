import type { AccountFact, CheckError, HostFact, SelfTestFacts, TrustedFileFact } from './checkFacts.ts';
import { errorWords, settingsWords } from './errorWords.ts';
import { stateName } from './headline.ts';
import { counted, listed } from './localFormat.ts';
import { isNetworkReason, type NetworkText, networkText, SIGN_IN_PAGE } from './networkErrors.ts';
import { type Speech, type TextKey, text } from './texts.ts';
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

/** The self-test's lines, in the person's language. */
export function checksOf(facts: SelfTestFacts, speech: Speech): readonly Check[] {
  const { hosts, trustedFiles, clockAhead, accounts } = facts;
  return [
    network(facts, speech),
    proxy(hosts, speech),
    certificates(hosts, trustedFiles, speech),
    clock(clockAhead, speech),
    keychain(facts.keychain, speech),
    settings(facts, speech),
    signIn(accounts, speech),
    permission(accounts, speech),
    ...accounts.map((one) => account(one, speech)),
  ];
}

/** The lines that are there whatever accounts there are. */
type Line = 'network' | 'proxy' | 'certificates' | 'clock' | 'keychain' | 'settings' | 'signIn' | 'permission';

const line = (id: Line, speech: Speech, status: CheckStatus, said: string, nextStep: string | null = null): Check => ({
  id,
  title: text(`check.${id}`, speech),
  status,
  text: said,
  nextStep: status === 'failed' ? nextStep : null,
});

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

const textOf = ({ reason }: CheckError, speech: Speech): NetworkText | null =>
  reason === SIGN_IN_PAGE || isNetworkReason(reason) ? networkText(reason, speech) : null;

/** What is wrong with these and what to do, a sentence or two a reason. */
function troubles(failed: readonly (HostFact & { readonly error: CheckError })[], speech: Speech) {
  const reasons = [...new Set(failed.map(({ error }) => error.reason ?? error.code))];
  const told = reasons.map((reason) => {
    const these = failed.filter(({ error }) => (error.reason ?? error.code) === reason);
    const service = listed(
      these.map(({ host }) => host),
      speech,
    );
    const known = these[0] === undefined ? null : textOf(these[0].error, speech);
    return {
      what: known?.what.replaceAll('{service}', service) ?? text('check.unreached', speech, { service }),
      next: known?.next.replaceAll('{service}', service) ?? text('check.unreached.next', speech),
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

const namesOf = (hosts: readonly HostFact[], speech: Speech) => ({
  hosts: listed(
    hosts.map(({ host }) => host),
    speech,
  ),
});

function network({ hosts, isOnline }: SelfTestFacts, speech: Speech): Check {
  if (!isOnline) {
    const { next } = networkText('offline', speech);
    return line('network', speech, 'failed', text('check.network.offline', speech), next);
  }
  const failed = failing(hosts, 'network');
  if (failed.length > 0) {
    const trouble = troubles(failed, speech);
    return line('network', speech, 'failed', trouble.text, trouble.next);
  }
  const reached = hosts.filter(isReached);
  if (reached.length > 0) {
    return line('network', speech, 'ok', text('check.network.ok', speech, namesOf(reached, speech)));
  }
  const why = hosts.length === 0 ? 'check.network.none' : 'check.network.proxy';
  return line('network', speech, 'unknown', text(why, speech));
}

function proxy(hosts: readonly HostFact[], speech: Speech): Check {
  const failed = failing(hosts, 'proxy');
  const lines = routes(hosts, speech);
  if (failed.length > 0) {
    const trouble = troubles(failed, speech);
    return line('proxy', speech, 'failed', [trouble.text, ...lines].join(' '), trouble.next);
  }
  return lines.length === 0
    ? line('proxy', speech, 'unknown', text('check.proxy.none', speech))
    : line('proxy', speech, 'ok', lines.join(' '));
}

/** Which proxy leads where. */
function routes(hosts: readonly HostFact[], speech: Speech): readonly string[] {
  const direct = hosts.filter(({ route }) => route !== null && route.proxy === null);
  const ways = new Map<string, { readonly proxy: string; readonly from: string; readonly hosts: HostFact[] }>();
  for (const host of hosts) {
    if (host.route?.proxy == null) continue;
    const { proxy: address, from } = host.route;
    const way = ways.get(`${address} ${from}`) ?? { proxy: address, from, hosts: [] };
    ways.set(`${address} ${from}`, { ...way, hosts: [...way.hosts, host] });
  }
  const through = [...ways.values()].map(({ proxy: address, from, hosts: these }) => {
    const source = from === 'system' ? text('check.proxy.system', speech) : from;
    return text('check.proxy.through', speech, { proxy: address, source, ...namesOf(these, speech) });
  });
  if (direct.length === 0) return through;
  const key = through.length === 0 ? 'check.proxy.allDirect' : 'check.proxy.direct';
  return [...through, text(key, speech, namesOf(direct, speech))];
}

function fileLine({ file, count, outdated, error }: TrustedFileFact, speech: Speech): string {
  if (error !== null) return errorWords(error, speech, file);
  const forms =
    outdated === 0
      ? (['check.certificates.file', 'check.certificates.files'] as const)
      : (['check.certificates.outdated', 'check.certificates.outdatedOfMany'] as const);
  return counted(forms, count, speech, { file, outdated: String(outdated) });
}

function certificates(hosts: readonly HostFact[], files: readonly TrustedFileFact[], speech: Speech): Check {
  const failed = failing(hosts, 'certificates');
  const lines = files.map((file) => fileLine(file, speech));
  const isBroken = files.some(({ error }) => error !== null);
  const mend = text('check.certificates.mend', speech);
  if (failed.length > 0) {
    const trouble = troubles(failed, speech);
    const next = isBroken ? `${trouble.next} ${mend}` : trouble.next;
    return line('certificates', speech, 'failed', [trouble.text, ...lines].join(' '), next);
  }
  const trusted = hosts.filter(({ isSecure, error }) => isSecure && error === null);
  const trust = trusted.length === 0 ? [] : [text('check.certificates.trusted', speech, namesOf(trusted, speech))];
  const said = [...trust, ...lines].join(' ');
  if (isBroken) return line('certificates', speech, 'failed', said, mend);
  if (trusted.length > 0) return line('certificates', speech, 'ok', said);
  // Why no certificate was looked at.
  const isAnyReached = hosts.some(({ error }) => error === null);
  const why = text(isAnyReached ? 'check.certificates.notNeeded' : 'check.certificates.unseen', speech);
  return line('certificates', speech, 'unknown', [why, said].join(' ').trim());
}

function clock(ahead: number | null, speech: Speech): Check {
  if (ahead === null) return line('clock', speech, 'unknown', text('check.clock.unknown', speech));
  if (Math.abs(ahead) <= MOST_SKEW) return line('clock', speech, 'ok', text('check.clock.ok', speech));
  const minutes = String(Math.round(Math.abs(ahead) / MINUTE));
  const said = text(ahead > 0 ? 'check.clock.ahead' : 'check.clock.behind', speech, { minutes });
  return line('clock', speech, 'failed', said, text('check.clock.next', speech));
}

function keychain(error: CheckError | null, speech: Speech): Check {
  if (error === null) return line('keychain', speech, 'ok', text('check.keychain.ok', speech));
  return line('keychain', speech, 'failed', errorWords(error, speech), text('check.keychain.next', speech));
}

function settings({ settings: problems, accounts }: SelfTestFacts, speech: Speech): Check {
  if (problems.length > 0) {
    return line('settings', speech, 'failed', settingsWords(problems, speech), text('check.settings.next', speech));
  }
  const has = (kind: AccountFact['kind']) => accounts.some((one) => one.kind === kind);
  if (has('calendar') && has('chat')) return line('settings', speech, 'ok', text('check.settings.ok', speech));
  const missing: TextKey = has('calendar')
    ? 'check.settings.noChat'
    : has('chat')
      ? 'check.settings.noCalendar'
      : 'check.settings.nothing';
  return line('settings', speech, 'failed', text(missing, speech), text('check.settings.start', speech));
}

const stageOfAccount = ({ error }: AccountFact): Stage | null => (error === null ? null : stageOf(error));

/** Who accepts the sign-in, over all accounts. */
const signIn = (accounts: readonly AccountFact[], speech: Speech): Check =>
  overAll('signIn', accounts, speech, (stage) => stage === null || stage === 'permission');

/** Who lets us do what we need. */
const permission = (accounts: readonly AccountFact[], speech: Speech): Check =>
  overAll('permission', accounts, speech, (stage) => stage === null);

function overAll(
  id: 'signIn' | 'permission',
  accounts: readonly AccountFact[],
  speech: Speech,
  isPassed: (stage: Stage | null) => boolean,
): Check {
  const failed = accounts.filter((one) => stageOfAccount(one) === id);
  const passed = accounts.filter((one) => isPassed(stageOfAccount(one)));
  const told = (key: TextKey, these: readonly AccountFact[]) => {
    const labels = these.map(({ label }) => label);
    return labels.length === 0 ? [] : [text(key, speech, { accounts: listed(labels, speech) })];
  };
  const said = [...told(`check.${id}.bad`, failed), ...told(`check.${id}.ok`, passed)].join(' ');
  if (failed.length > 0) {
    const steps = failed.map(({ error, label }) => (error === null ? '' : errorWords(error, speech, label)));
    return line(id, speech, 'failed', said, [...new Set(steps)].join(' '));
  }
  if (passed.length > 0) return line(id, speech, 'ok', said);
  return line(id, speech, 'unknown', text(accounts.length === 0 ? 'check.noAccounts' : 'check.untried', speech));
}

/** What to do about an account, where its error does not say it. */
const NEXT: Readonly<Partial<Record<Stage, TextKey>>> = {
  signIn: 'check.next.signIn',
  permission: 'check.next.permission',
  keychain: 'check.next.keychain',
  network: 'check.unreached.next',
  service: 'check.next.service',
};

function account({ id, kind, label, error, events, can }: AccountFact, speech: Speech): Check {
  const made = (status: CheckStatus, said: string, nextStep: string | null = null): Check => {
    return { id: `${kind}.${id}`, title: label, status, text: said, nextStep };
  };
  if (error === null) {
    if (kind === 'calendar') {
      return made('ok', counted(['check.calendar.event', 'check.calendar.events'], events ?? 0, speech));
    }
    if (can.length === 0) return made('ok', text('check.chat', speech));
    const things = can.map((one) => (one === 'text' ? text('check.chat.text', speech) : stateName(one, speech)));
    return made('ok', text('check.chat.can', speech, { things: listed(things, speech) }));
  }
  const stage = stageOf(error);
  const known = textOf(error, speech);
  if (known === null) {
    const next = NEXT[stage];
    return made('failed', errorWords(error, speech, label), next === undefined ? null : text(next, speech));
  }
  const said = known.what.replaceAll('{service}', label);
  if (!isNetworkReason(error.reason)) return made('failed', said, known.next);
  // The line of the network, the proxy or the certificates says what to do about it.
  const isLine = stage === 'network' || stage === 'proxy' || stage === 'certificates';
  const see = isLine ? text('check.see', speech, { line: text(`check.${stage}`, speech) }) : '';
  return made('failed', said, see);
}
