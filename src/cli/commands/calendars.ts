import { AppError } from '../../core/appError.ts';
import type { ChoosableCalendar } from '../../engine/calendarChoice.ts';
import type { Cli } from '../compose.ts';
import type { ExitCode, Output } from '../output.ts';
import { syncIfRunning } from './signIn.ts';

type Deps = Pick<Cli, 'calendarChoice' | 'requestSync' | 'runningPid' | 'secrets'>;

/** `hipstatus accounts calendars`: which there are and are read, or the choice of those to read. */
export async function accountCalendars(
  deps: Deps,
  { account, choose }: { readonly account: string; readonly choose: readonly string[] },
  output: Output,
  stopped: AbortSignal,
): Promise<ExitCode> {
  const { calendarChoice, secrets } = deps;
  await secrets.probe();
  const all = await calendarChoice.of(account, stopped);
  if (choose.length === 0) return show(all, output);
  const chosen = [...new Set(choose.map((wish) => found(all, wish)))];
  await calendarChoice.choose(account, chosen, stopped, () => output.line('Your browser opens for the sign-in.'));
  await syncIfRunning(deps);
  return show(
    all.map((one) => ({ ...one, isChosen: chosen.includes(one) })),
    output,
  );
}

function show(all: readonly ChoosableCalendar[], output: Output): ExitCode {
  output.data({ calendars: all });
  for (const { name, id, isChosen } of all)
    output.line(`[${isChosen ? 'x' : ' '}] ${name}${id === name ? '' : `  (${id})`}`);
  return 0;
}

/** By its id, or by its name as a person types it. */
function found(all: readonly ChoosableCalendar[], wish: string): ChoosableCalendar {
  const alike = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
  const byId = all.find(({ id }) => id === wish);
  const byName = all.filter(({ name }) => alike(name, wish));
  const [one] = byId === undefined ? byName : [byId];
  if (one === undefined) throw new AppError('invalidInput', `There is no calendar "${wish}" in this account.`);
  if (byId === undefined && byName.length > 1) {
    throw new AppError('invalidInput', `There is more than one calendar "${wish}". Say which by its id.`);
  }
  return one;
}
