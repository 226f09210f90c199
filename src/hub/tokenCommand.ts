import { systemClock } from '../adapters/node/systemClock.ts';
import { AppError } from '../core/appError.ts';
import { DAY } from '../core/time.ts';
import type { HubShell } from '../ports/hubProgram.ts';
import type { TokenCommand } from './args.ts';
import { newId } from './ids.ts';
import type { HubSettings } from './settings.ts';
import { openStore } from './store/open.ts';
import type { HubStore } from './store/port.ts';
import { Tokens } from './tokens.ts';

export interface TokenCommandDeps {
  readonly settings: HubSettings;
  readonly shell: Pick<HubShell, 'stdout' | 'stderr'>;
}

/** Makes, lists and revokes tokens in the store itself, whether or not a hub runs on it. @returns the exit code */
export async function runTokenCommand(command: TokenCommand, deps: TokenCommandDeps): Promise<number> {
  const opened = await openStore(deps.settings, systemClock);
  try {
    const tokens = new Tokens(opened.store.documents, () => systemClock.now());
    const print = (line: string) => deps.shell.stdout.write(`${line}\n`);
    if (command.action === 'list') return await list(tokens, opened.store, print);
    if (command.action === 'revoke') return await revoke(tokens, command.id, print);
    const now = systemClock.now();
    const personId = command.email === null ? null : await personWith(opened.store, command.email);
    const expiresAt = command.days === null ? null : now + command.days * DAY;
    const { name, scopes } = command;
    const { token, info } = await tokens.issue({ name, scopes, personId, expiresAt });
    // The token alone on standard output, for scripts.
    print(token);
    deps.shell.stderr.write(`Token ${info.id} may: ${scopes.join(', ')}. It is shown this once.\n`);
    return 0;
  } finally {
    await opened.close();
  }
}

async function personWith(store: HubStore, email: string): Promise<string> {
  const found = await store.recordByEmail(email);
  if (found !== null) return found.person.id;
  const now = systemClock.now();
  const id = newId(now);
  await store.putPerson({ id, email, name: '', identities: [] }, now);
  return id;
}

async function list(tokens: Tokens, store: HubStore, print: (line: string) => unknown): Promise<number> {
  const all = await tokens.list();
  if (all.length === 0) print('There are no tokens. Make one with "hipstatus hub token create".');
  for (const { id, name, scopes, personId, expiresAt } of all) {
    const person = personId === null ? null : await store.record(personId);
    const whose = personId === null ? 'nobody in particular' : (person?.person.email ?? 'somebody who is gone');
    const end = expiresAt === null ? 'no end' : `until ${new Date(expiresAt).toISOString()}`;
    print([id, scopes.join(','), whose, end, name].join('\t'));
  }
  return 0;
}

async function revoke(tokens: Tokens, id: string, print: (line: string) => unknown): Promise<number> {
  if (!(await tokens.revoke(id)))
    throw new AppError('notFound', 'There is no token with this id. See hipstatus hub token list.');
  print(`Token ${id} is revoked.`);
  return 0;
}
