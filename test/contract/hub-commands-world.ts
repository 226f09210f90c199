import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Reply } from '../../src/hub/commands/reply.ts';
import { type HubWorld, openHub } from './hub-world.ts';

export const HOOK_SECRET = 'integrations-secret-of-the-tests';

/** A hub with a folder of scripts. */
export interface CommandsWorld extends HubWorld {
  readonly scripts: string;
  /** Writes a script. */
  script(file: string, code: string): Promise<void>;
  /** What HipChat sends for a message in a room, at the address with the secret. */
  say(message: string, room?: number): Promise<Response>;
  /** What the room is told; null for nothing. */
  told(message: string, room?: number): Promise<Reply | null>;
  again(): Promise<CommandsWorld>;
}

/** The body of a `room_message`, as HipChat has sent them. */
export const roomMessage = (message: string, room = 4594247): string =>
  JSON.stringify({
    event: 'room_message',
    item: {
      message: {
        date: '2018-06-20T10:07:44.819201+00:00',
        from: {
          id: 3297240,
          links: { self: 'https://api.hipchat.com/v2/user/3297240' },
          mention_name: 'AdaL',
          name: 'Ada Lovelace',
          version: '00000000',
        },
        id: '5f62a2a2-6e40-4b62-b1b9-cd90bf9b0739',
        mentions: [],
        message,
        type: 'message',
      },
      room: {
        id: room,
        is_archived: false,
        links: { self: `https://api.hipchat.com/v2/room/${room}` },
        name: 'testroom',
        privacy: 'public',
        version: 'JREOQ07C',
      },
    },
    oauth_client_id: '47f7e4b5-2a43-491d-b458-421e8b21b110',
    webhook_id: 20005843,
  });

export async function openCommandsHub(
  env: Readonly<Record<string, string>> = {},
  before?: { readonly scripts: string; readonly hub: HubWorld },
): Promise<CommandsWorld> {
  const scripts = before?.scripts ?? mkdtempSync(join(tmpdir(), 'hipstatus-scripts-'));
  const hub =
    before?.hub ??
    (await openHub({
      env: {
        HUB_INTEGRATIONS: scripts,
        HUB_INTEGRATIONS_SECRET: HOOK_SECRET,
        HUB_RATE_TOKEN: '100000',
        HUB_RATE_ADDRESS: '100000',
        ...env,
      },
    }));
  const say = (message: string, room?: number): Promise<Response> =>
    hub.ask(`/integrations/${HOOK_SECRET}`, null, { method: 'POST', body: roomMessage(message, room) });
  return {
    ...hub,
    scripts,
    say,
    async script(file, code) {
      await mkdir(dirname(join(scripts, file)), { recursive: true });
      writeFileSync(join(scripts, file), code);
    },
    async told(message, room) {
      const answer = await say(message, room);
      if (answer.status === 204) return null;
      if (answer.status !== 200) throw new Error(`The hub answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as Reply;
    },
    again: async () => openCommandsHub(env, { scripts, hub: await hub.again() }),
    async close() {
      await hub.close();
      rmSync(scripts, { recursive: true, force: true });
    },
  };
}
