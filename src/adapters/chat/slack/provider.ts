import { PROVIDER_NAMES } from '../../../core/accounts.ts';
import { type HalfWritten, stateWritten, withoutHalf } from '../../../core/halfWritten.ts';
import type { ChatReading, PresenceState } from '../../../core/presence.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { type SlackDeps, type SlackSession, slackSession } from './client.ts';
import { SlackDndAccess } from './dnd.ts';
import { isEmojiRefused } from './errors.ts';
import type { SlackProfile } from './schema.ts';
import {
  SLACK_CAPABILITIES,
  SLACK_DND_CAPABILITIES,
  type SlackState,
  sameProfile,
  toProfile,
  toReading,
  toState,
} from './transform.ts';

/** A person's Slack account: the one their token belongs to. */
export function slackProvider(
  account: { readonly id: string; readonly label?: string },
  deps: SlackDeps,
): ChatProvider {
  const dndAccess = new SlackDndAccess();
  /** What lies behind each reading. */
  const states = new WeakMap<ChatReading, SlackState>();
  let half: HalfWritten | null = null;

  async function writeState(session: SlackSession, state: PresenceState, basis: ChatReading): Promise<void> {
    const before = states.get(basis);
    if (before?.isSnoozing === true) await dndAccess.end(session);
    // Without knowing what lies behind "do not disturb", it is said either way.
    const shown = before === undefined ? basis.presence.state : before.isAway ? 'away' : 'available';
    if (state !== shown) await session.setPresence(state === 'away' ? 'away' : 'auto');
  }

  return {
    accountId: account.id,
    label: account.label ?? PROVIDER_NAMES.slack,
    get capabilities() {
      return dndAccess.canWrite ? SLACK_DND_CAPABILITIES : SLACK_CAPABILITIES;
    },
    async read(signal) {
      const session = await slackSession(deps, signal);
      const [profile, presence, dnd] = await Promise.all([
        session.getProfile(),
        session.getPresence(),
        dndAccess.read(session),
      ]);
      const now = deps.now();
      const reading = toReading(profile, presence, dnd, now);
      states.set(reading, toState(presence, dnd, now));
      return withoutHalf(reading, half);
    },
    async write({ presence, stateUntil }, basis, signal) {
      if (presence === undefined) return;
      const session = await slackSession(deps, signal);
      const { state } = presence;
      const isOther = state !== basis.presence.state;
      if (state === 'dnd') {
        if (isOther || stateUntil !== undefined) await dndAccess.snooze(session, stateUntil, deps.now());
      } else if (isOther && SLACK_CAPABILITIES.states.includes(state)) {
        await writeState(session, state, basis);
      }
      half = stateWritten(basis, state);
      const profile = toProfile(presence);
      if (!sameProfile(profile, toProfile(basis.presence))) await setStatus(session, profile);
      half = null;
    },
  };
}

/** Workspaces differ in their emoji. One that this workspace does not have must not cost the person the status. */
async function setStatus(session: SlackSession, profile: SlackProfile): Promise<void> {
  try {
    await session.setProfile(profile);
  } catch (thrown) {
    if (profile.status_emoji === '' || !isEmojiRefused(thrown)) throw thrown;
    await session.setProfile({ ...profile, status_emoji: '' });
  }
}
