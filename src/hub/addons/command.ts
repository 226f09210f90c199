import type { CommandHandler, WebhookCall, WebhookHandler } from './calls.ts';
import { isPrivate } from './calls.ts';

/** What a command may be called, as a script of that name. */
export const COMMAND = /^[a-z0-9_-]{1,64}$/;

/** A name has no character that means something in a pattern; Python reads the rest as we do. */
export const commandPattern = (name: string): RegExp => new RegExp(`^\\/${name}(?:\\s|$)`, 'i');

/** HipChat's ids are told apart by the group that a server has given its people. */
const identityOf = (groupId: number, user: string | number): string => `${groupId}:${user}`;

/** The handler of a command for what HipChat sends. */
export function overWebhook(name: string, handler: CommandHandler): WebhookHandler {
  return async (call) => {
    const { sender, message, tenant } = call;
    // Add-ons talk too: commands are for people.
    if (sender === null || message === null) return null;
    const answered = await handler({
      name,
      query: message.message.slice(name.length + 1).trim(),
      who: {
        service: 'hipchat',
        identity: identityOf(tenant.groupId, sender.id),
        name: sender.name,
        profile: () => profileOf(call, sender.id),
      },
      mentions: message.mentions.map(({ id, mention_name }) => ({
        identity: identityOf(tenant.groupId, id),
        name: mention_name,
      })),
    });
    return isPrivate(answered) ? answered.notification : answered;
  };
}

async function profileOf({ client, context }: WebhookCall, id: string) {
  const user = await client.user(id).get();
  return { email: user.email ?? null, timeZone: context.user_tz ?? user.timezone ?? null };
}
