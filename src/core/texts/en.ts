import { ABILITIES } from './en/abilities.ts';
import { ACCOUNTS } from './en/accounts.ts';
import { ACTIVITY } from './en/activity.ts';
import { ANSWERS } from './en/answers.ts';
import { CHECK_LINES } from './en/checkLines.ts';
import { CHECKS } from './en/checks.ts';
import { COMMON } from './en/common.ts';
import { DAY } from './en/day.ts';
import { MENU } from './en/menu.ts';
import { NETWORK } from './en/network.ts';
import { NOTICES } from './en/notices.ts';
import { PREFERENCES } from './en/preferences.ts';
import { PROBLEMS } from './en/problems.ts';
import { PROMPTS } from './en/prompts.ts';
import { SAMPLE } from './en/sample.ts';
import { SETTING_NAMES } from './en/settingNames.ts';
import { TODAY } from './en/today.ts';
import { UPDATES } from './en/updates.ts';
import { WELCOME } from './en/welcome.ts';

/** What an organisation may say in its own words (`organisation.texts` in the managed settings). */
export const REPLACEABLE = { ...NOTICES, ...CHECKS, ...PROMPTS, ...ACCOUNTS } as const;

/** Every text there is, in English; the other languages have the same keys. `{name}` marks are filled in. */
export const EN = {
  ...REPLACEABLE,
  ...COMMON,
  ...ANSWERS,
  ...CHECK_LINES,
  ...ABILITIES,
  ...NETWORK,
  ...PROBLEMS,
  ...MENU,
  ...DAY,
  ...TODAY,
  ...PREFERENCES,
  ...SETTING_NAMES,
  ...WELCOME,
  ...ACTIVITY,
  ...UPDATES,
  ...SAMPLE,
} as const;
