import { asAppError } from '../../core/appError.ts';
import { SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Compiled } from './compile.ts';
import type { IntegrationTokens } from './integrationTokens.ts';
import type { CommandOutcome } from './metrics.ts';
import { originalLines } from './originalLines.ts';
import type { ScriptPool } from './pool.ts';
import type { Ended, RunInput, StorageChanges } from './protocol.ts';
import type { Found, ScriptRegistry } from './registry.ts';
import { hint, MESSAGE_LIMIT, type Reply, replyOf, trouble } from './reply.ts';
import type { Outcome } from './scriptWorker.ts';
import { type IntegrationStorage, STORAGE_LIMIT } from './storage.ts';

/** A command, wherever it was given. */
export interface CommandCall {
  /** Without the slash, in any case. */
  readonly name: string;
  readonly query: string;
  /** What the chat server sent, plain JSON: the script gets it as it is. */
  readonly notification: unknown;
  /** For the room's token, and so that rooms have their turns; null for none. */
  readonly roomId: string | number | null;
}

/** Runs a command. Null: there is none of that name, or it has nothing to say. Never rejects for what a script does. */
export type RunCommand = (call: CommandCall) => Promise<Reply | null>;

export interface RunCommandDeps {
  readonly registry: ScriptRegistry;
  readonly pool: ScriptPool;
  readonly tokens: IntegrationTokens;
  readonly storage: IntegrationStorage;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Seconds a run may take, to say so. */
  readonly seconds: number;
  readonly observe: (outcome: CommandOutcome, seconds: number) => void;
}

interface Result {
  readonly outcome: CommandOutcome;
  readonly reply: Reply | null;
}

const RUN_LIMITS = { storage: STORAGE_LIMIT, message: MESSAGE_LIMIT, logLines: 200, logCharacters: 16_384 } as const;
const LOG_LINE = 1_000;

export function createRunCommand(deps: RunCommandDeps): RunCommand {
  const { registry, clock, logger, observe } = deps;
  return async (call) => {
    const startedAt = clock.now();
    const found = await registry.find(call.name).catch(() => {
      logger.error("The folder of the integrations can't be read");
      return null;
    });
    if (found === null) return null;
    const { outcome, reply } = await new Run(deps, call.name.toLowerCase()).result(call, found);
    observe(outcome, (clock.now() - startedAt) / SECOND);
    return reply;
  };
}

const withUsage = (words: string, usage: string): string => (usage === '' ? words : `${words}\nUsage: ${usage}`);

/** One run of one command. */
class Run {
  readonly #deps: RunCommandDeps;
  readonly #name: string;

  constructor(deps: RunCommandDeps, name: string) {
    this.#deps = deps;
    this.#name = name;
  }

  async result({ query, notification, roomId }: CommandCall, found: Found): Promise<Result> {
    if (found.kind === 'broken') {
      this.#log('error', "The script can't be read", found.why);
      return { outcome: 'broken', reply: trouble(`${this.#slash} can't be run: its script has an error. ${LOOK}`) };
    }
    const { tokens, storage, pool } = this.#deps;
    const room = roomId === null ? null : String(roomId);
    try {
      const input: RunInput = {
        name: this.#name,
        query,
        notification,
        allTokens: tokens.all,
        token: tokens.tokenOf(this.#name, room),
        storage: await storage.read(this.#name),
      };
      const outcome = await pool.run(room ?? '', {
        script: found.script,
        input,
        limits: RUN_LIMITS,
        onLog: (level, text) => this.#log(level, 'A script says', text),
      });
      return outcome.kind === 'stopped'
        ? this.#stopped(outcome, found.script)
        : await this.#ended(outcome, found.script);
    } catch (thrown) {
      const error = asAppError(thrown);
      if (error.code === 'rateLimited') return { outcome: 'refused', reply: trouble(error.message) };
      this.#log('error', 'A command could not be run', error.message);
      return { outcome: 'failed', reply: trouble(`${this.#slash} can't be run now. ${LOOK}`) };
    }
  }

  get #slash(): string {
    return `/${this.#name}`;
  }

  async #ended(
    { ended, changes, storageTrouble }: Outcome & { readonly kind: 'ended' },
    script: Compiled,
  ): Promise<Result> {
    const why = storageTrouble === '' ? await this.#keep(changes) : storageTrouble;
    if (why === '') return this.#said(ended, script);
    this.#log('error', "What a script keeps can't be kept", why);
    return {
      outcome: 'failed',
      reply: trouble(`${this.#slash} was run, but what it wanted to remember can't be kept. ${LOOK}`),
    };
  }

  #said(ended: Ended, script: Compiled): Result {
    switch (ended.kind) {
      case 'usage': {
        const words = ended.words === '' && ended.usage === '' ? `${this.#slash} is not used like that.` : ended.words;
        return { outcome: 'usage', reply: hint(withUsage(words, ended.usage).trim()) };
      }
      case 'failed':
        this.#log('error', 'A script failed', originalLines(ended.stack, script));
        return { outcome: 'failed', reply: trouble(withUsage(`${this.#slash} failed. ${LOOK}`, ended.usage)) };
      case 'returned': {
        if (ended.returned === null) return { outcome: 'silent', reply: null };
        const reply = replyOf(ended.returned);
        if (typeof reply !== 'string') return { outcome: 'answered', reply };
        this.#log('error', 'A script failed', reply);
        return { outcome: 'failed', reply: trouble(`${this.#slash} failed. ${LOOK}`) };
      }
    }
  }

  #stopped({ why, detail }: Outcome & { readonly kind: 'stopped' }, script: Compiled): Result {
    if (why === 'closing')
      return { outcome: 'closing', reply: trouble('The hub is restarting. Try again in a moment.') };
    this.#log('error', 'A script was stopped', detail === '' ? why : originalLines(detail, script));
    if (why === 'time') {
      const { seconds } = this.#deps;
      const limit = seconds === 1 ? 'a second' : `${seconds} seconds`;
      return { outcome: why, reply: trouble(`${this.#slash} took longer than ${limit} and was stopped. ${LOOK}`) };
    }
    if (why === 'memory') {
      return {
        outcome: why,
        reply: trouble(`${this.#slash} needed more memory than it may have and was stopped. ${LOOK}`),
      };
    }
    return { outcome: 'failed', reply: trouble(`${this.#slash} failed. ${LOOK}`) };
  }

  /** @returns why it can't be kept; empty when it is */
  async #keep(changes: StorageChanges | null): Promise<string> {
    try {
      if (changes !== null) await this.#deps.storage.apply(this.#name, changes);
      return '';
    } catch (thrown) {
      return asAppError(thrown).message;
    }
  }

  #log(level: 'debug' | 'info' | 'warn' | 'error', message: string, text: string): void {
    const { logger, tokens } = this.#deps;
    for (const line of tokens.hide(text).split(/\r?\n/)) {
      if (line.trim() !== '') logger[level](message, { integration: this.#name, line: line.slice(0, LOG_LINE) });
    }
  }
}

const LOOK = 'Whoever runs the hub finds why in its log.';
