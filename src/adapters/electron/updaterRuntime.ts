// The only file that loads electron-updater: it is itself loaded when the first look is due, and never where no feed is set.
import { EventEmitter } from 'node:events';
import { type AuthInfo, app, type ClientRequest, net, type Session } from 'electron';
import { type AppUpdater, autoUpdater, CancellationToken } from 'electron-updater';
import { ElectronHttpExecutor } from 'electron-updater/out/electronHttpExecutor.js';
import type { ProxyLogin } from './fetch.ts';
import { insecureError } from './updateErrors.ts';

type Options = Electron.ClientRequestConstructorOptions & { readonly headers?: Record<string, string> };

/** A chain of redirects longer than this leads nowhere; electron-updater would follow it for ever. */
const MOST_REDIRECTS = 5;

/** What electron-updater sends along that tells people apart. */
const IDENTIFIERS = ['x-user-staging-id'];

const isLoopback = (host: string): boolean => ['localhost', '127.0.0.1', '[::1]', '::1'].includes(host);

/** A request that fails before it is made. */
function refused(error: Error): ClientRequest {
  const request = Object.assign(new EventEmitter(), {
    end: () => void setImmediate(() => request.emit('error', error)),
    abort: () => undefined,
    setHeader: () => undefined,
  });
  return request as unknown as ClientRequest;
}

/** electron-updater's requests, made as all others of the app: in its session, without identifiers, and https only. */
class UpdateRequests extends ElectronHttpExecutor {
  readonly #session: Session;
  readonly #proxyLogin: ProxyLogin;
  readonly #live = new Set<ClientRequest>();
  #redirects = 0;
  /** Of the last answer; 0 for none. */
  status = 0;

  constructor(session: Session, proxyLogin: ProxyLogin) {
    super();
    this.#session = session;
    this.#proxyLogin = proxyLogin;
  }

  begin(): void {
    this.#redirects = 0;
    this.status = 0;
  }

  /** Ends what is under way: each request fails with `error`. */
  fail(error: Error): void {
    for (const request of [...this.#live]) {
      request.emit('error', error);
      request.abort();
    }
    this.#live.clear();
  }

  override createRequest(options: Options, callback: (response: Electron.IncomingMessage) => void): ClientRequest {
    const host = options.hostname ?? '';
    const isSafe = options.protocol === 'https:' || (options.protocol === 'http:' && isLoopback(host));
    if (!isSafe) return refused(insecureError());
    if (this.#redirects > MOST_REDIRECTS) {
      return refused(Object.assign(new Error('Too many redirects'), { code: 'ERR_TOO_MANY_REDIRECTS' }));
    }
    const headers = Object.fromEntries(
      Object.entries(options.headers ?? {}).filter(([name]) => !IDENTIFIERS.includes(name.toLowerCase())),
    );
    const request = net.request({
      ...options,
      headers: { ...headers, 'User-Agent': 'HipStatus' },
      session: this.#session,
      cache: 'no-store',
    });
    this.#live.add(request);
    request.on('redirect', () => {
      this.#redirects += 1;
    });
    request.on('response', (response) => {
      this.#redirects = 0;
      this.status = response.statusCode;
      callback(response);
    });
    request.on('close', () => this.#live.delete(request));
    let hasLoggedIn = false;
    request.on('login', ({ isProxy, host: proxy, port }: AuthInfo, answer) => {
      const login = isProxy && !hasLoggedIn ? this.#proxyLogin(proxy, port) : null;
      hasLoggedIn = true;
      if (login === null) answer();
      else answer(login.username, login.password);
    });
    return request;
  }
}

/** electron-updater, ready to be asked. */
export interface UpdaterRuntime {
  readonly updater: AppUpdater;
  readonly requests: Pick<UpdateRequests, 'begin' | 'fail' | 'status'>;
  newToken(): CancellationToken;
  /** Calls once, when the app is asked to quit. */
  onceQuitting(call: () => void): void;
}

export interface UpdaterRuntimeOptions {
  readonly session: Session;
  readonly proxyLogin: ProxyLogin;
  /** What stands for `app-update.yml`; null for that itself. */
  readonly config: string | null;
}

/**
 * electron-updater as this app wants it: silent, asking before each step, with our requests, and without the file and the header by
 * which it would tell this computer from others.
 */
export function openUpdater({ session, proxyLogin, config }: UpdaterRuntimeOptions): UpdaterRuntime {
  const updater = autoUpdater;
  const requests = new UpdateRequests(session, proxyLogin);
  updater.logger = null;
  // Each failure is thrown, too; without a listener the event would be a defect.
  updater.on('error', () => undefined);
  updater.autoDownload = false;
  // Not when the app quits either: who quits in the middle of a meeting wants it gone, and a shutdown is no time to install. On macOS
  // only so the system takes the new version over, and checks its signature, before it counts as ready.
  updater.autoInstallOnAppQuit = process.platform === 'darwin';
  updater.disableWebInstaller = true;
  updater.fullChangelog = true;
  Object.assign(updater, { httpExecutor: requests, stagingUserIdPromise: { value: Promise.resolve('') } });
  if (config !== null) {
    updater.forceDevUpdateConfig = true;
    updater.updateConfigPath = config;
  }
  return {
    updater,
    requests,
    newToken: () => new CancellationToken(),
    onceQuitting: (call) => void app.once('before-quit', call),
  };
}
