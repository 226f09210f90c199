import { AppError } from '../../../core/appError.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { type ZulipDeps, type ZulipSignIn, zulipClient } from './client.ts';
import { isBot, NEEDED_LEVEL, tooOld } from './errors.ts';
import type { ZulipStatus } from './schema.ts';
import { sameStatus, toReading, toStatus, ZULIP_CAPABILITIES } from './transform.ts';

/** A person's Zulip account: the one their API key belongs to. */
export function zulipProvider(account: { readonly id: string; readonly label: string }, deps: ZulipDeps): ChatProvider {
  const client = zulipClient(deps);
  /** Servers are updated, never set back, so what was new enough once is asked no more. */
  let isNewEnough = false;
  let person: { readonly by: ZulipSignIn; readonly userId: number } | null = null;

  async function checkServer(signal: AbortSignal): Promise<void> {
    if (isNewEnough) return;
    if ((await client.getFeatureLevel(signal)) < NEEDED_LEVEL) throw tooOld();
    isNewEnough = true;
  }

  /** The id behind the key, asked once for each key. */
  async function userIdOf(by: ZulipSignIn, signal: AbortSignal): Promise<number> {
    if (person?.by.email === by.email && person.by.apiKey === by.apiKey) return person.userId;
    const me = await client.getMe(by, signal);
    if (me.isBot) throw isBot();
    person = { by, userId: me.userId };
    return me.userId;
  }

  /** A realm's emoji come and go. One that is not there must not cost the person the status; the server names no cause. */
  async function setStatus(by: ZulipSignIn, status: ZulipStatus, signal: AbortSignal): Promise<void> {
    try {
      await client.setStatus(by, status, signal);
    } catch (thrown) {
      const isRefused = thrown instanceof AppError && thrown.code === 'invalidInput';
      if (!isRefused || status.emoji_name === '') throw thrown;
      await client.setStatus(by, { ...status, emoji_name: '' }, signal);
    }
  }

  return {
    accountId: account.id,
    label: account.label,
    capabilities: ZULIP_CAPABILITIES,
    async read(signal) {
      const by = await deps.signIn();
      await checkServer(signal);
      return toReading(await client.getStatus(by, await userIdOf(by, signal), signal));
    },
    async write({ presence }, basis, signal) {
      if (presence === undefined) return;
      const status = toStatus(presence);
      if (!sameStatus(status, toStatus(basis.presence))) await setStatus(await deps.signIn(), status, signal);
    },
  };
}
