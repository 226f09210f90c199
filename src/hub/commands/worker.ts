// What runs in a worker: one script, each run with the module anew. Only types are imported: the file has to work alone.
import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { type MessagePort, workerData } from 'node:worker_threads';
import type {
  Ended,
  FromWorker,
  LogLevel,
  Returned,
  RunInput,
  RunLimits,
  StorageChanges,
  ToWorker,
} from './protocol.ts';

type Run = Extract<ToWorker, { readonly kind: 'run' }>;

const data = workerData as { port?: MessagePort };
const { port } = data;
if (port === undefined) throw new Error('This file is for the hub alone.');
delete data.port;

const say = (message: FromWorker): void => port.postMessage(message);
const shown = (value: unknown): string => {
  try {
    return typeof value === 'string' ? value : inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY });
  } catch {
    return 'something that can not be shown';
  }
};

/** What one run may still say; what is said between runs is dropped. */
let rest = { lines: 0, characters: 0 };

function logLine(level: LogLevel, text: string): void {
  if (rest.lines <= 0 || text === '') return;
  const isLast = rest.lines === 1 || text.length >= rest.characters;
  const line = text.slice(0, rest.characters);
  rest = isLast ? { lines: 0, characters: 0 } : { lines: rest.lines - 1, characters: rest.characters - line.length };
  say({ kind: 'log', level, text: line });
  if (isLast) say({ kind: 'log', level: 'warn', text: 'It says more than is kept: the rest is left out.' });
}

const at =
  (level: LogLevel) =>
  (...values: readonly unknown[]): void =>
    logLine(level, values.map(shown).join(' '));
const log = Object.assign(at('info'), { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });

/** `print` and `console.log` of scripts go to the log, too. */
function catchOutput(stream: NodeJS.WriteStream, level: LogLevel): void {
  stream.write = ((chunk: unknown, encoding?: unknown, written?: unknown): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8');
    logLine(level, text.trimEnd());
    const done = typeof encoding === 'function' ? encoding : written;
    if (typeof done === 'function') process.nextTick(() => done());
    return true;
  }) as typeof stream.write;
}
catchOutput(process.stdout, 'info');
catchOutput(process.stderr, 'warn');

const jsonOf = (value: unknown): string | undefined => {
  const json: unknown = JSON.stringify(value);
  return typeof json === 'string' ? json : undefined;
};

/** What a script did to its storage. Throws an Error in words for the author when it can't be kept. */
function changesOf(
  before: ReadonlyMap<string, string>,
  storage: Record<string, unknown>,
  limit: number,
): StorageChanges {
  const set: [string, string][] = [];
  const kept = new Set<string>();
  let length = 2;
  for (const key of Object.keys(storage)) {
    let json: string | undefined;
    try {
      json = jsonOf(storage[key]);
    } catch {
      throw new Error(`storage.${key.slice(0, 60)} can't be kept: it is no plain JSON`);
    }
    if (json === undefined) {
      if (storage[key] === undefined) continue;
      throw new Error(`storage.${key.slice(0, 60)} can't be kept: it is no plain JSON`);
    }
    kept.add(key);
    length += key.length + json.length + 4;
    if (length > limit) throw new Error(`the storage has more than ${limit} characters`);
    if (before.get(key) !== json) set.push([key, json]);
  }
  return { set, deleted: [...before.keys()].filter((key) => !kept.has(key)) };
}

function returnedOf(value: unknown, limit: number): Returned | null {
  const cut = (text: string): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text);
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return { message: cut(value) };
  const { message, message_format, color, notify, card } = value as Record<string, unknown>;
  if (typeof message !== 'string' || message === '') {
    throw new Error('runIntegration returned neither a text, nor {message: …}, nor nothing');
  }
  const plain = (one: unknown) => (typeof one === 'string' ? one.slice(0, 20) : one === true);
  return {
    message: cut(message),
    ...(message_format === undefined ? {} : { message_format: plain(message_format) }),
    ...(color === undefined ? {} : { color: plain(color) }),
    ...(notify === undefined ? {} : { notify: plain(notify) }),
    ...(card === undefined || card === null ? {} : { card: (jsonOf(card) ?? '').slice(0, limit * 2) }),
  };
}

interface Script {
  readonly runIntegration?: unknown;
  readonly usage?: unknown;
}

const exportsOf = (module: Script & { readonly default?: Script }): Script =>
  module.runIntegration === undefined && typeof module.default === 'object' && module.default !== null
    ? module.default
    : module;

/** Where in the script, without our frames and Node's. */
const stackOf = (thrown: unknown): string =>
  (thrown instanceof Error ? (thrown.stack ?? thrown.message) : shown(thrown))
    .split('\n')
    .filter((line) => !/^ +at .*(commandWorker\.js|node:internal)/.test(line))
    .join('\n')
    .slice(0, 4_000);

async function execute(run: Run, storage: Record<string, unknown>): Promise<Ended> {
  let usage = '';
  try {
    // Each run gets a module of its own: what the one before has left in its variables is not there.
    const url = `data:text/javascript;run=${run.number};base64,${Buffer.from(`${run.code}\n//# sourceURL=${run.file}`).toString('base64')}`;
    const script = exportsOf((await import(url)) as Script);
    usage = typeof script.usage === 'string' ? script.usage.slice(0, 1_000) : '';
    const { runIntegration } = script;
    if (typeof runIntegration !== 'function') throw new Error('the script exports no function runIntegration');
    const { notification, query, allTokens, token } = run.input;
    const value: unknown = await runIntegration({ notification, query, allTokens, token, storage, log });
    return { kind: 'returned', returned: returnedOf(value, run.limits.message) };
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'UsageError') {
      return { kind: 'usage', words: thrown.message.slice(0, run.limits.message), usage };
    }
    return { kind: 'failed', stack: stackOf(thrown), usage };
  }
}

const storageOf = ({ storage }: RunInput): Record<string, unknown> =>
  // A dictionary: nothing is in it that was not put there.
  Object.setPrototypeOf(JSON.parse(storage), null) as Record<string, unknown>;

const begun = ({ logLines, logCharacters }: RunLimits) => ({ lines: logLines, characters: logCharacters });
const globals = (): number => Reflect.ownKeys(globalThis).length;

async function answer(run: Run): Promise<void> {
  Object.assign(globalThis, { require: createRequire(run.file), __filename: run.file });
  const storage = storageOf(run.input);
  const before = new Map(Object.entries(storage).map(([key, value]) => [key, JSON.stringify(value)]));
  const [globalsBefore, resourcesBefore] = [globals(), process.getActiveResourcesInfo().length];
  rest = begun(run.limits);
  const ended = await execute(run, storage);
  let changes: StorageChanges | null = null;
  let storageTrouble = '';
  try {
    changes = changesOf(before, storage, run.limits.storage);
  } catch (thrown) {
    storageTrouble = thrown instanceof Error ? thrown.message : shown(thrown);
  }
  // What has just ended is still listed until the next turn.
  await turn();
  const isClean = globals() === globalsBefore && process.getActiveResourcesInfo().length <= resourcesBefore;
  say({ kind: 'done', ended, changes, storageTrouble, isClean });
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'run') void answer(message);
  // What a script left running may end by itself; then so does the worker.
  else if (message.kind === 'leave') port.close();
  else {
    const { arrayBuffers } = process.memoryUsage();
    say({ kind: 'memory', bytes: arrayBuffers });
  }
});
say({ kind: 'ready' });
