import { PROVIDER_NAMES } from '../../../core/accounts.ts';
import { AppError } from '../../../core/appError.ts';
import { type ChatReading, samePresence } from '../../../core/presence.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { type HipchatDeps, hipchatClient } from './client.ts';
import type { HipchatUser } from './schema.ts';
import { HIPCHAT_CAPABILITIES, toReading, toUpdate } from './transform.ts';

/** A person's HipChat account, found by their email address. */
export function hipchatProvider(
  account: { readonly id: string; readonly email: string },
  deps: HipchatDeps,
): ChatProvider {
  const client = hipchatClient(deps);
  /** The user behind each reading: a write sends the whole of it back. */
  const users = new WeakMap<ChatReading, HipchatUser>();

  async function read(signal: AbortSignal): Promise<ChatReading> {
    const user = await client.getUser(account.email, signal);
    const reading = toReading(user);
    users.set(reading, user);
    return reading;
  }

  /** The user that `basis` was made from; read again when it is none of our readings. */
  async function userOf(basis: ChatReading, signal: AbortSignal): Promise<HipchatUser> {
    const known = users.get(basis);
    if (known !== undefined) return known;
    const user = await client.getUser(account.email, signal);
    if (!samePresence(toReading(user).presence, basis.presence)) {
      throw new AppError('conflict', 'Your HipChat status changed in the meantime.', { reason: 'changed' });
    }
    return user;
  }

  return {
    accountId: account.id,
    label: PROVIDER_NAMES.hipchat,
    capabilities: HIPCHAT_CAPABILITIES,
    read,
    async write(change, basis, signal) {
      if (change.presence === undefined && change.profileTimeZone === undefined) return;
      const update = toUpdate(await userOf(basis, signal), account.email, change);
      if (update === null) {
        throw new AppError('conflict', 'You are offline in HipChat, so nothing was changed.', { reason: 'offline' });
      }
      await client.updateUser(account.email, update, signal);
    },
  };
}
