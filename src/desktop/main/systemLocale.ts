import type { App } from 'electron';
import type { SystemLocale } from '../../core/texts.ts';

/** The person's languages and region, as the system has them. Only once the app is ready. */
export const systemLocale = (app: Pick<App, 'getPreferredSystemLanguages' | 'getSystemLocale'>): SystemLocale => {
  return { languages: app.getPreferredSystemLanguages(), region: app.getSystemLocale() };
};
