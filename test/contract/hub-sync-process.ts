import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SyncHubJob, SyncHubNews } from './fixtures/sync-hub.ts';

/** A hub's organisation sync in a process of its own. */
export class SyncHubProcess {
  readonly #child: ChildProcess;
  #news: SyncHubNews | null = null;
  #output = '';

  constructor(job: SyncHubJob) {
    this.#child = fork(join(import.meta.dirname, 'fixtures/sync-hub.ts'), [], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    this.#child.on('message', (news) => {
      this.#news = news as SyncHubNews;
    });
    this.#child.send(job);
  }

  /** What it told last; throws when it is gone by itself. */
  get news(): SyncHubNews | null {
    if (this.#child.exitCode !== null) throw new Error(`The hub has ended: ${this.#output}`);
    return this.#news;
  }

  /** What it wrote to its log. */
  get output(): string {
    return this.#output;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit');
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.kill('SIGKILL')) await gone;
  }
}

/** The environment of a hub that reads the stand-in's organisation. */
export const syncEnv = (
  app: { readonly tenantId: string; readonly clientId: string; readonly secret: string },
  urls: { readonly entra: string; readonly graph: string },
  redis: { readonly url: string; readonly prefix: string },
): Record<string, string> => ({
  HUB_REDIS_URL: redis.url,
  HUB_REDIS_PREFIX: redis.prefix,
  HUB_SYNC_TENANT: app.tenantId,
  HUB_SYNC_CLIENT_ID: app.clientId,
  HUB_SYNC_CLIENT_SECRET: app.secret,
  HUB_SYNC_AUTHORITY: urls.entra,
  HUB_SYNC_GRAPH: urls.graph.replace('/v1.0', ''),
});
