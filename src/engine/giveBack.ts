import type { ChatAccount } from '../core/accounts.ts';
import { SECOND } from '../core/time.ts';
import type { ClaimStore } from '../ports/claimStore.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';
import { ChatWorker } from './chatWorker.ts';
import { within } from './within.ts';

const PATIENCE = 8 * SECOND;

export interface GiveBackDeps {
  readonly providers: Providers;
  readonly secrets: SecretStore;
  readonly claims: ClaimStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Gives back what is claimed in one chat, where no engine runs, and forgets the chat. Asks nobody who has no claim.
 * @returns false when something of ours may still be shown there
 */
export async function giveBack(account: ChatAccount, deps: GiveBackDeps): Promise<boolean> {
  const { providers, secrets, claims, clock, logger } = deps;
  const record = (await claims.load()).get(account.id);
  if (record === undefined) return true;
  const worker = new ChatWorker(account, providers.chat(account, secrets), record, {
    claims,
    clock,
    logger,
    decide: (handsOff) => ({
      wanted: null,
      underWay: [],
      justBefore: [],
      handsOff,
      ownText: 'keep',
      heardUntil: Number.POSITIVE_INFINITY,
      profileTimeZone: null,
      onlyGiveBack: true,
    }),
    onChange: () => {},
    onWritten: () => {},
  });
  await within(clock, PATIENCE, worker.reconcile('mark'));
  await worker.close();
  await claims.save(account.id, null);
  return worker.record.claim === null;
}
