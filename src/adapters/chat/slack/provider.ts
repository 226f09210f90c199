import { PROVIDER_NAMES } from '../../../core/accounts.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { type SlackDeps, type SlackSession, slackSession } from './client.ts';
import { isEmojiRefused } from './errors.ts';
import type { SlackProfile } from './schema.ts';
import { SLACK_CAPABILITIES, sameProfile, toProfile, toReading } from './transform.ts';

/** A person's Slack account: the one their token belongs to. */
export function slackProvider(
  account: { readonly id: string; readonly label?: string },
  deps: SlackDeps,
): ChatProvider {
  return {
    accountId: account.id,
    label: account.label ?? PROVIDER_NAMES.slack,
    capabilities: SLACK_CAPABILITIES,
    async read(signal) {
      const session = await slackSession(deps, signal);
      const [profile, presence] = await Promise.all([session.getProfile(), session.getPresence()]);
      return toReading(profile, presence);
    },
    async write({ presence }, basis, signal) {
      if (presence === undefined) return;
      const session = await slackSession(deps, signal);
      const profile = toProfile(presence);
      if (!sameProfile(profile, toProfile(basis.presence))) await setStatus(session, profile);
      const isWritable = SLACK_CAPABILITIES.states.includes(presence.state);
      if (isWritable && presence.state !== basis.presence.state) {
        await session.setPresence(presence.state === 'away' ? 'away' : 'auto');
      }
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
