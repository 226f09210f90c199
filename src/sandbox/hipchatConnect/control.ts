import { z } from 'zod';
import type { HipchatConnectSandbox, Installation } from './index.ts';
import type { Delivery } from './webhooks.ts';

const key = z.union([z.number(), z.string()]);
const place = z.object({ url: z.string(), room: key.optional() });
const one = z.object({ oauthId: z.string() });
const words = z.object({ room: key, user: key, text: z.string() });
const move = z.object({ room: key, user: key });
const look = z.object({ oauthId: z.string(), key: z.string(), user: key, room: key.optional() });

type Action = (hipchat: HipchatConnectSandbox, body: unknown) => unknown;

function installation(hipchat: HipchatConnectSandbox, oauthId: string): Installation {
  const found = hipchat.installations.find((one) => one.oauthId === oauthId);
  if (!found) throw new Error(`no add-on is installed as ${oauthId}; installAddon gives the id`);
  return found;
}

/** What became of the webhooks, and what is in the room now. */
async function outcome(hipchat: HipchatConnectSandbox, room: number | string, deliveries: readonly Delivery[]) {
  await hipchat.settled();
  const { id, topic, participants } = hipchat.room(room);
  const posts = hipchat.posts
    .filter((post) => post.room === id)
    .map(({ kind, from, text, body }) => ({ kind, from, text, body }));
  const webhooks = deliveries.map(({ webhook, status, failure, problem }) => ({
    event: webhook.event,
    url: webhook.url,
    status,
    ...(failure === null ? {} : { failure }),
    ...(problem === null ? {} : { problem }),
  }));
  return { webhooks, topic, participants, posts };
}

const looking = ({ user, room }: z.output<typeof look>) => ({ user, ...(room === undefined ? {} : { room }) });

/** What a person may do to the HipChat server for add-ons with `curl`. */
export const CONNECT_ACTIONS: Record<string, Action> = {
  async installAddon(hipchat, body) {
    const { url, room } = place.parse(body);
    const { oauthId, descriptor } = await hipchat.install(url, room === undefined ? {} : { room });
    return { oauthId, name: descriptor.name, scopes: descriptor.capabilities.hipchatApiConsumer?.scopes ?? [] };
  },
  async uninstallAddon(hipchat, body) {
    const answer = await hipchat.uninstall(installation(hipchat, one.parse(body).oauthId));
    return { status: answer?.status ?? null };
  },
  async say(hipchat, body) {
    const { room, user, text } = words.parse(body);
    return outcome(hipchat, room, await hipchat.say(room, user, text));
  },
  async setTopic(hipchat, body) {
    const { room, user, text } = words.parse(body);
    return outcome(hipchat, room, await hipchat.setTopic(room, user, text));
  },
  async enterRoom(hipchat, body) {
    const { room, user } = move.parse(body);
    return outcome(hipchat, room, await hipchat.enter(room, user));
  },
  async exitRoom(hipchat, body) {
    const { room, user } = move.parse(body);
    return outcome(hipchat, room, await hipchat.exit(room, user));
  },
  room: (hipchat, body) => outcome(hipchat, z.object({ room: key }).parse(body).room, []),
  async queryGlance(hipchat, body) {
    const wanted = look.parse(body);
    const answer = await hipchat.queryGlance(installation(hipchat, wanted.oauthId), wanted.key, looking(wanted));
    return { status: answer.status, content: answer.content, problems: answer.problems };
  },
  /** `address` can be opened in a browser, for as long as its token lasts. */
  async openFrame(hipchat, body) {
    const wanted = look.parse(body);
    const answer = await hipchat.openFrame(installation(hipchat, wanted.oauthId), wanted.key, looking(wanted));
    return { address: answer.call.url, status: answer.status, text: answer.text };
  },
};
