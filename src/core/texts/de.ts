import { ABILITIES_DE } from './de/abilities.ts';
import { ACCOUNTS_DE } from './de/accounts.ts';
import { ACTIVITY_DE } from './de/activity.ts';
import { ANSWERS_DE } from './de/answers.ts';
import { CHECK_LINES_DE } from './de/checkLines.ts';
import { CHECKS_DE } from './de/checks.ts';
import { COMMON_DE } from './de/common.ts';
import { DAY_DE } from './de/day.ts';
import { MENU_DE } from './de/menu.ts';
import { NETWORK_DE } from './de/network.ts';
import { NOTICES_DE } from './de/notices.ts';
import { PREFERENCES_DE } from './de/preferences.ts';
import { PROBLEMS_DE } from './de/problems.ts';
import { PROMPTS_DE } from './de/prompts.ts';
import { SAMPLE_DE } from './de/sample.ts';
import { SETTING_NAMES_DE } from './de/settingNames.ts';
import { TODAY_DE } from './de/today.ts';
import { UPDATES_DE } from './de/updates.ts';
import { WELCOME_DE } from './de/welcome.ts';
import type { EN } from './en.ts';

/** German. The type asks for every text that there is in English. */
export const DE: Readonly<Record<keyof typeof EN, string>> = {
  ...NOTICES_DE,
  ...CHECKS_DE,
  ...PROMPTS_DE,
  ...ACCOUNTS_DE,
  ...COMMON_DE,
  ...ANSWERS_DE,
  ...CHECK_LINES_DE,
  ...ABILITIES_DE,
  ...NETWORK_DE,
  ...PROBLEMS_DE,
  ...MENU_DE,
  ...DAY_DE,
  ...TODAY_DE,
  ...PREFERENCES_DE,
  ...SETTING_NAMES_DE,
  ...WELCOME_DE,
  ...ACTIVITY_DE,
  ...UPDATES_DE,
  ...SAMPLE_DE,
};
