import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { stringify } from 'yaml';

/** A request that came, as far as a server sees it. */
export interface FeedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a version is published with; what is absent is as electron-builder writes it. */
export interface Release {
  readonly version: string;
  readonly content: Buffer;
  readonly notes?: unknown;
  /** What the list says of the content, instead of the truth. */
  readonly sha512?: string;
  /** Where the list says that the file is. */
  readonly url?: string;
  readonly stagingPercentage?: number;
}

type Answer = (response: ServerResponse) => void;

const HASH = (content: Buffer): string => createHash('sha512').update(content).digest('base64');

/** A web server with the folder that an organisation publishes new versions in: lists and files, as electron-builder makes them. */
export class UpdateFeed {
  readonly requests: FeedRequest[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #server;

  private constructor(tls: { readonly key: string; readonly cert: string }) {
    this.#server = createServer(tls, (request, response) => this.#serve(request, response));
  }

  static async open(tls: { readonly key: string; readonly cert: string }): Promise<UpdateFeed> {
    const feed = new UpdateFeed(tls);
    await new Promise<void>((resolve) => feed.#server.listen(0, '127.0.0.1', resolve));
    return feed;
  }

  get url(): string {
    return `https://localhost:${(this.#server.address() as AddressInfo).port}/updates`;
  }

  /** Puts a version on a channel's list. @param list `latest` or `beta` */
  publish({ version, content, ...given }: Release, list = 'latest'): void {
    const name = `HipStatus-${version}-linux-x64.AppImage`;
    const sha512 = given.sha512 ?? HASH(content);
    const written = {
      version,
      files: [{ url: given.url ?? name, sha512, size: content.length }],
      path: name,
      sha512,
      releaseDate: '2026-11-21T12:00:00.000Z',
      ...(given.notes === undefined ? {} : { releaseNotes: given.notes }),
      ...(given.stagingPercentage === undefined ? {} : { stagingPercentage: given.stagingPercentage }),
    };
    this.answer(`${list}-linux.yml`, (response) => response.end(stringify(written)));
    this.answer(name, (response) => {
      response.setHeader('content-length', content.length);
      response.end(content);
    });
  }

  /** Says itself what comes for a file. */
  answer(name: string, answer: Answer): void {
    this.#answers.set(`/updates/${name}`, answer);
  }

  redirect(name: string, location: string): void {
    this.answer(name, (response) => response.writeHead(302, { location }).end());
  }

  clear(): void {
    this.#answers.clear();
    this.requests.length = 0;
  }

  /** The files that were asked for, without their queries. */
  get asked(): readonly string[] {
    return this.requests.map(({ path }) => path.replace(/^\/updates\//, '').replace(/\?.*$/, ''));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: IncomingMessage & Readable, response: ServerResponse): void {
    const path = request.url ?? '';
    this.requests.push({ path, headers: request.headers });
    const answer = this.#answers.get(path.replace(/\?.*$/, ''));
    if (answer === undefined) response.writeHead(404).end();
    else answer(response);
  }
}
