import { randomUUID } from 'node:crypto';
import { hipchatError } from '../hipchatUser.ts';
import type { Handler } from '../http.ts';
import type { AddonAnswer, Caller } from './caller.ts';
import type { Clients, Installation } from './clients.ts';
import { type Descriptor, readDescriptor } from './descriptor.ts';
import type { Webhooks } from './webhooks.ts';

/** An installation that came to nothing, and the answer that ended it. */
export class InstallRefused extends Error {
  readonly answer: AddonAnswer | null;

  constructor(message: string, answer: AddonAnswer | null = null) {
    super(message);
    this.name = 'InstallRefused';
    this.answer = answer;
  }
}

interface InstallerDeps {
  readonly clients: Clients;
  readonly webhooks: Webhooks;
  readonly caller: Caller;
  readonly base: () => string;
}

export type UninstallBy = 'delete' | 'page' | 'nothing';

const REDIRECTS = 5;
const isGood = (status: number) => status >= 200 && status < 300;

/** Puts add-ons in and takes them out, as HipChat's pages did. */
export class Installer {
  readonly #deps: InstallerDeps;
  /** Documents behind an `installable_url`; each can be read once. */
  readonly #documents = new Map<string, object>();

  constructor(deps: InstallerDeps) {
    this.#deps = deps;
  }

  /** `GET /connect/installable/:id`: what a client-side installation reads. */
  readonly serveDocument: Handler = (request) => {
    const body = this.#documents.get(request.param('id'));
    if (!body) return hipchatError(404, 'Not Found', 'This document was read before');
    this.#documents.delete(request.param('id'));
    return { status: 200, body };
  };

  /**
   * From the address of its descriptor, into one room or (null) all. An add-on that says no, by any answer that is no 2xx,
   * is not there. Throws {@link InstallRefused}.
   */
  async install(url: string, room: number | null): Promise<Installation> {
    const descriptor = await this.#fetchDescriptor(url);
    const { installable } = descriptor.capabilities;
    const { allowGlobal = true, allowRoom = true } = installable ?? {};
    if (room === null && !allowGlobal) throw new InstallRefused('the descriptor says allowGlobal: false');
    if (room !== null && !allowRoom) throw new InstallRefused('the descriptor says allowRoom: false');
    this.#dropFormer(descriptor, room);
    const installation = this.#deps.clients.add(descriptor, room);
    try {
      await this.#tell(installation);
    } catch (error) {
      this.#deps.clients.remove(installation);
      throw error;
    }
    for (const one of descriptor.capabilities.webhook) this.#deps.webhooks.add(installation, one, room, false);
    return installation;
  }

  /** Ends it, and tells the add-on as its descriptor wants: by its page, or by DELETE. */
  async uninstall(installation: Installation, by?: UninstallBy): Promise<AddonAnswer | null> {
    const { callbackUrl, uninstalledUrl } = installation.descriptor.capabilities.installable ?? {};
    this.#remove(installation);
    const way = by ?? (uninstalledUrl !== undefined ? 'page' : 'delete');
    if (way === 'page' && uninstalledUrl !== undefined) return this.#visit(uninstalledUrl, installation);
    if (way !== 'delete' || callbackUrl === undefined) return null;
    const url = `${callbackUrl}/${encodeURIComponent(installation.oauthId)}`;
    return this.#deps.caller.call({ method: 'DELETE', url, headers: {} });
  }

  /** Makes a document that can be read once, and gives its address. */
  offer(document: object): string {
    const id = randomUUID();
    this.#documents.set(id, document);
    return `${this.#deps.base()}/connect/installable/${id}`;
  }

  #remove(installation: Installation): void {
    this.#deps.clients.remove(installation);
    this.#deps.webhooks.remove((one) => one.installation.oauthId === installation.oauthId);
  }

  /** The same add-on put into the same place again takes the place of the one that was there. */
  #dropFormer({ key }: Descriptor, room: number | null): void {
    for (const one of this.#deps.clients.installations) {
      if (one.descriptor.key === key && one.room === room) this.#remove(one);
    }
  }

  async #fetchDescriptor(url: string): Promise<Descriptor> {
    let at = url;
    for (let hop = 0; hop <= REDIRECTS; hop += 1) {
      const answer = await this.#deps.caller.call({ method: 'GET', url: at, headers: { accept: 'application/json' } });
      const { location } = answer.headers;
      if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
        at = new URL(location, at).href;
        continue;
      }
      if (!isGood(answer.status)) throw new InstallRefused(`no descriptor at ${at}: ${told(answer)}`, answer);
      const read = readDescriptor(answer.json);
      if ('problems' in read) throw new InstallRefused(`the descriptor is wrong: ${read.problems.join('; ')}`, answer);
      return read.descriptor;
    }
    throw new InstallRefused(`no descriptor at ${url}: too many redirects`);
  }

  #document({ oauthId, oauthSecret, groupId, room }: Installation): object {
    const capabilitiesUrl = `${this.#deps.base()}/v2/capabilities`;
    return { capabilitiesUrl, oauthId, oauthSecret, groupId, ...(room === null ? {} : { roomId: room }) };
  }

  async #tell(installation: Installation): Promise<void> {
    const { callbackUrl, installedUrl } = installation.descriptor.capabilities.installable ?? {};
    if (callbackUrl !== undefined) {
      const answer = await this.#deps.caller.call({
        method: 'POST',
        url: callbackUrl,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(this.#document(installation)),
      });
      if (!isGood(answer.status)) throw new InstallRefused(`the add-on refused: ${told(answer)}`, answer);
    }
    if (installedUrl === undefined) return;
    const answer = await this.#visit(installedUrl, installation);
    if (answer.status >= 400 || answer.status === 0)
      throw new InstallRefused(`the add-on refused: ${told(answer)}`, answer);
  }

  /** What the person's browser is sent to: a page that reads the document, and sends the browser back. */
  #visit(page: string, installation: Installation): Promise<AddonAnswer> {
    const url = new URL(page);
    url.searchParams.set('redirect_url', `${this.#deps.base()}/addons/`);
    url.searchParams.set('installable_url', this.offer(this.#document(installation)));
    return this.#deps.caller.call({ method: 'GET', url: url.href, headers: { accept: 'text/html' } });
  }
}

function told({ status, failure, text }: AddonAnswer): string {
  return failure ?? `${status} ${text.slice(0, 300)}`.trim();
}
