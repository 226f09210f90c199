import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answer, Ask } from './protocol.ts';

type AnswerTo<K extends Answer['what']> = Extract<Answer, { readonly what: K }>;

/** A server's process, or that of its clients, that the bench talks to. */
export class BenchProcess {
  readonly #child: ChildProcess;
  readonly url: string;
  readonly secret: string;

  private constructor(child: ChildProcess, { url, secret }: AnswerTo<'listening'>) {
    this.#child = child;
    this.url = url;
    this.secret = secret;
  }

  static async start(kind: 'hub' | 'bare' | 'clients'): Promise<BenchProcess> {
    const program = kind === 'clients' ? 'clients.ts' : 'server.ts';
    const child = fork(join(import.meta.dirname, program), [kind], {
      execArgv: ['--import', 'tsx', '--expose-gc'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new BenchProcess(child, await answerOf(child, 'listening'));
  }

  async ask<K extends Answer['what']>(ask: Ask, wanted: K): Promise<AnswerTo<K>> {
    const answered = answerOf(this.#child, wanted);
    this.#child.send(ask);
    return answered;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

async function answerOf<K extends Answer['what']>(child: ChildProcess, wanted: K): Promise<AnswerTo<K>> {
  const ended = new AbortController();
  const failed = once(child, 'exit', { signal: ended.signal }).then(() => {
    throw new Error('The server process ended.');
  });
  const [answer] = (await Promise.race([once(child, 'message', { signal: ended.signal }), failed])) as [Answer];
  ended.abort();
  failed.catch(() => {});
  if (answer.what !== wanted) throw new Error(`The server said ${answer.what} where ${wanted} was awaited.`);
  return answer as AnswerTo<K>;
}
