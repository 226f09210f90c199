import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Presence } from '../../../src/core/presence.ts';
import type { Exchange } from '../../../src/sandbox/index.ts';
import { TinyHub } from '../../fakes/tinyHub.ts';

/** A running hub and Ada, whose presence it keeps. */
export interface TeamHub {
  readonly address: string;
  readonly token: string;
  catchUp(): Promise<void>;
  personSays(presence: Presence): Promise<void>;
  shown(): Promise<Presence & { readonly source: string }>;
  profile(): Promise<unknown>;
  rename(name: string): Promise<void>;
  revoke(): void;
  findings(exchanges: readonly Exchange[]): string[];
  close(): Promise<void>;
}

export async function startUpstream(now: () => number): Promise<TeamHub> {
  const tiny = new TinyHub(now);
  const { token } = tiny;
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const response = await tiny.fetch(`https://hub.example.com${incoming.url}`, {
      method: incoming.method ?? '',
      headers: incoming.headers as Record<string, string>,
      ...(body === '' ? {} : { body }),
    });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    catchUp: async () => undefined,
    personSays: async (presence) => tiny.say(presence),
    shown: async () => tiny.shown(),
    profile: async () => null,
    rename: async () => undefined,
    revoke: () => {
      (tiny as { token: string }).token = 'other';
    },
    findings: () => [],
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
