import { AppError } from '../../core/appError.ts';
import type { Addon } from '../addons/addon.ts';
import type { Tenant, WebhookCall } from '../addons/calls.ts';
import type { AddonClient, RoomClient } from '../addons/client/client.ts';
import { notificationOf } from '../addons/messages.ts';
import { compile } from '../addons/pattern.ts';
import { deliveryOf, type HostCommand, type HostService, type Say } from './message.ts';

const CHATS: Readonly<Record<HostService, string>> = { slack: 'Slack', mattermost: 'Mattermost' };

/** What an add-on can do in a chat that is not HipChat: answer. */
function clientOf(service: HostService, say: Say): AddonClient {
  const none = (): never => {
    throw new AppError('unavailable', `${CHATS[service]} takes only answers to commands from add-ons.`, {
      reason: 'onlyHipChat',
    });
  };
  const refused = async (): Promise<never> => none();
  const room: RoomClient = {
    notify: (notification) => say([{ notification: notificationOf(notification), isPrivate: false }]),
    message: (message) => say([{ notification: notificationOf(message), isPrivate: false }]),
    reply: (_parent, message) => say([{ notification: notificationOf(message), isPrivate: false }]),
    shareFile: refused,
    setTopic: refused,
    people: refused,
  };
  const client: AddonClient = {
    room,
    inRoom: none,
    user: none,
    updateGlances: refused,
    withScopes: () => client,
  };
  return client;
}

function tenantOf({ service, team, at }: HostCommand): Tenant {
  return {
    oauthId: `${service}:${team}`,
    groupId: 0,
    roomId: null,
    apiUrl: '',
    homepage: null,
    installedAt: at,
    signJwt: async () => {
      throw new AppError('unavailable', `${CHATS[service]} shows no pages of add-ons.`, { reason: 'onlyHipChat' });
    },
  };
}

/** The webhooks of an add-on that HipChat would have told of this message, each with what it would get. */
export function webhookCalls(
  addon: Addon,
  command: HostCommand,
  say: Say,
): readonly { readonly isFor: boolean; readonly run: () => unknown }[] {
  const delivery = deliveryOf(command);
  const { message, room, sender } = delivery.item;
  if (message === undefined || room === undefined) return [];
  const { webhooks, commands } = addon.parts;
  const own = new Set(commands.map(({ webhook }) => webhook));
  return webhooks.flatMap((webhook) => {
    if (webhook.event !== 'room_message' || own.has(webhook.key)) return [];
    const match = webhook.pattern === null ? null : (compile(webhook.pattern)?.exec(message.message) ?? null);
    if (webhook.pattern !== null && match === null) return [];
    const call: WebhookCall = {
      tenant: tenantOf(command),
      sender: sender == null ? null : { id: command.sender.id, name: sender.name, mentionName: sender.mention_name },
      context: { room_id: room.id },
      room: { id: room.id, name: room.name },
      client: clientOf(command.service, say),
      event: 'room_message',
      message,
      match,
      delivery,
    };
    return [{ isFor: match !== null, run: () => webhook.handler(call) }];
  });
}
