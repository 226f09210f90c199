import type { Presence } from '../../../core/presence.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { cancelled, type WebhookDeps, webhookClient } from './client.ts';
import { NEUTRAL, toBody, WEBHOOK_CAPABILITIES } from './transform.ts';

export interface WebhookAccount {
  readonly id: string;
  readonly label: string;
  /** Sent along, so that a receiver can tell people apart. */
  readonly person?: string;
}

export interface WebhookProviderDeps extends WebhookDeps {
  /** What was told last before this start (`lastTold` of the account's record); null when nothing of ours is there. */
  readonly lastKnown: () => Promise<Presence | null>;
}

/**
 * Lights, scripts and home automation: each change of presence as a signed POST. It can't be read, so a reading is what was
 * told last; before anything was told, what the record remembers, or "available".
 */
export function webhookProvider(account: WebhookAccount, deps: WebhookProviderDeps): ChatProvider {
  const client = webhookClient(deps);
  let told: Presence | null = null;

  return {
    accountId: account.id,
    label: account.label,
    capabilities: WEBHOOK_CAPABILITIES,
    async read(signal) {
      if (signal.aborted) throw cancelled();
      const presence = told ?? (await deps.lastKnown()) ?? NEUTRAL;
      return { presence, isAutomatic: false, profileTimeZone: null };
    },
    async write({ presence, stateUntil }, _basis, signal) {
      if (presence === undefined) return;
      await client.send(toBody(presence, stateUntil, account.person ?? ''), signal);
      told = { ...presence, until: null };
    },
  };
}
