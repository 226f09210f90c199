import type { ActivityAccount, ActivityEntry, ActivityKind } from './activity.ts';
import { DAY, type Instant } from './time.ts';

/** How long an entry is kept. */
export const ACTIVITY_KEPT = 7 * DAY;
/** How many are kept at most: the latest. */
export const ACTIVITY_MOST = 10_000;

/** What the entries are filtered by. */
export const ACTIVITY_GROUPS = ['decisions', 'writes', 'problems', 'words', 'program'] as const;
export type ActivityGroup = (typeof ACTIVITY_GROUPS)[number];

const GROUPS: Readonly<Record<ActivityKind, ActivityGroup>> = {
  decision: 'decisions',
  written: 'writes',
  left: 'writes',
  failed: 'problems',
  recovered: 'problems',
  word: 'words',
  settings: 'program',
  program: 'program',
};

export const groupOf = ({ kind }: Pick<ActivityEntry, 'kind'>): ActivityGroup => GROUPS[kind];

/** The account that an entry is about; null for none. */
export const accountOf = (entry: ActivityEntry): ActivityAccount | null => ('account' in entry ? entry.account : null);

/** Whether an entry is still kept. What a clock that ran ahead has written is of no use either. */
export const isKept = (entry: Pick<ActivityEntry, 'at'>, now: Instant): boolean =>
  entry.at > now - ACTIVITY_KEPT && entry.at < now + DAY;
