import { escapeHtml } from './messages.ts';

/** Carries a token into a page: `document.querySelector('meta[name=token]').content`. */
export const tokenTag = (token: string): string => `<meta name="token" content="${escapeHtml(token)}">`;
