import { type HalfWritten, stateWritten, withoutHalf } from '../../../core/halfWritten.ts';
import type { Instant } from '../../../core/time.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { type TeamsDeps, teamsClient } from './client.ts';
import { isPersonalAccount, offline, personalAccount } from './errors.ts';
import { defaultDuration, TEAMS_CAPABILITIES, toMessage, toPreferred, toReading } from './transform.ts';

export interface TeamsAccount {
  readonly id: string;
  readonly label: string;
  /** MSAL's id of the sign-in; tells a personal account, which has no presence in Graph. */
  readonly homeAccountId?: string;
}

/** The Teams presence of the person who signed in: what they prefer to show, and their status message. */
export function teamsProvider(account: TeamsAccount, deps: TeamsDeps): ChatProvider {
  const client = teamsClient(deps);
  /** Until when a preferred presence of ours is in force; 0 for none. Not known after a restart, and then not needed. */
  let preferredUntil: Instant = 0;
  let half: HalfWritten | null = null;

  const assertWorkAccount = () => {
    if (isPersonalAccount(account.homeAccountId ?? '')) throw personalAccount();
  };

  return {
    accountId: account.id,
    label: account.label,
    capabilities: TEAMS_CAPABILITIES,
    async read(signal) {
      assertWorkAccount();
      const presence = await client.getPresence(signal);
      const now = deps.now();
      return withoutHalf(toReading(presence, now < preferredUntil, now), half);
    },
    async write({ presence, stateUntil }, basis, signal) {
      if (presence === undefined) return;
      assertWorkAccount();
      if (basis.presence.state === 'offline') throw offline();
      const { state, text, until } = presence;
      const isOther = state !== basis.presence.state;
      const now = deps.now();
      const preferred = toPreferred(state, stateUntil, now);
      if (preferred === null) {
        if (isOther) {
          await client.clearUserPreferredPresence(signal);
          preferredUntil = 0;
        }
      } else if (isOther || stateUntil !== undefined) {
        await client.setUserPreferredPresence(preferred, signal);
        preferredUntil = stateUntil ?? now + defaultDuration(state);
      }
      half = stateWritten(basis, state);
      if (text !== basis.presence.text || until !== basis.presence.until) {
        await client.setStatusMessage(toMessage(presence), signal);
      }
      half = null;
    },
  };
}
