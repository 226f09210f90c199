import { accountLabel } from '../../core/accounts.ts';
import type { ChatRecord } from '../../core/claim.ts';
import { STATE_NAMES } from '../../core/headline.ts';
import { promptId } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import { missingStep } from '../../core/setup.ts';
import { clockTimeFrom } from '../../core/time.ts';
import type { Cli } from '../compose.ts';
import { type ExitCode, type Output, section } from '../output.ts';
import { setupHint } from '../setupHint.ts';
import { type Here, stateJson, stateLines } from '../stateText.ts';

type Deps = Pick<Cli, 'paths' | 'clock' | 'settings' | 'claims' | 'stateFile' | 'runningPid'>;

/** `hipstatus status`: the running program's state, or what is set up and what is still to be taken back. */
export async function status(deps: Deps, output: Output): Promise<ExitCode> {
  const here: Here = { now: deps.clock.now(), zone: deps.clock.zone() };
  const pid = await deps.runningPid();
  if (pid === null) return notRunning(deps, output, here);
  const state = deps.stateFile.read();
  output.data({ running: true, pid, state: state === null ? null : stateJson(state) });
  output.line(`HipStatus is running (process ${pid}).`);
  if (state === null) {
    output.line('It does not say how it stands: it is just starting, or of another version. Ask again in a moment.');
    return 0;
  }
  for (const line of stateLines(state, here)) output.line(line);
  if (state.missing !== null) output.line(setupHint(state.missing, deps.paths.settingsFile));
  return 0;
}

async function notRunning(deps: Deps, output: Output, here: Here): Promise<ExitCode> {
  const settings = deps.settings.get();
  const { email, calendars, chats } = settings;
  const records = await deps.claims.peek();
  const missing = missingStep(settings);
  const { pausedUntil } = settings;
  output.data({
    running: false,
    configured: {
      email,
      calendars: calendars.map((account) => ({
        id: account.id,
        provider: account.provider,
        label: accountLabel(account),
      })),
      chats: chats.map((chat) => ({ id: chat.id, provider: chat.provider, label: accountLabel(chat) })),
      pausedUntil,
    },
    missing: missing === null ? null : promptId(missing),
    claims: [...records].flatMap(([id, { claim }]) =>
      claim === null ? [] : [{ id, state: claim.asked.state, until: new Date(claim.end).toISOString() }],
    ),
  });
  const lines = [
    'HipStatus is not running.',
    `Email address: ${email === '' ? 'not set' : email}`,
    ...(pausedUntil === null
      ? []
      : [`Paused ${pausedUntil === 'forever' ? 'until you resume it' : `until ${pausedUntil}`}`]),
    ...section('Calendars:', calendars.map(accountLabel)),
    ...section('Chats:', chats.map(accountLabel)),
    ...section('Written by HipStatus and not taken back yet:', claimLines(records, settings, here)),
    missing === null ? 'Start HipStatus, or run once: hipstatus sync' : setupHint(missing, deps.paths.settingsFile),
  ];
  for (const line of lines) output.line(line);
  return 0;
}

function claimLines(records: ReadonlyMap<string, ChatRecord>, settings: Settings, here: Here): readonly string[] {
  return [...records].flatMap(([id, { claim }]) => {
    if (claim === null) return [];
    const account = settings.chats.find((chat) => chat.id === id);
    const name = account === undefined ? id : accountLabel(account);
    const what = claim.restoring
      ? 'taking back had begun'
      : `${STATE_NAMES[claim.asked.state]} ${claim.asked.text === '' ? '' : `"${claim.asked.text}" `}until ${clockTimeFrom(claim.end, here.now, here.zone)}`;
    return [`${name}: ${what}`];
  });
}
