import type { Mention } from '../addons/calls.ts';
import type { Markup } from './html.ts';

const plain = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Slack's mrkdwn ("Formatting text for app surfaces"). */
export const SLACK_MARKUP: Markup = {
  escape: plain,
  plain,
  bold: (text) => `*${text}*`,
  italic: (text) => `_${text}_`,
  code: (text) => (text.includes('\n') ? `\`\`\`${text}\`\`\`` : `\`${text}\``),
  link: (address, text) => `<${plain(address).replaceAll('|', '%7C')}|${text}>`,
};

export interface SlackText {
  readonly text: string;
  readonly mentions: readonly Mention[];
}

const REFERENCE = /<([@#!]?)([^<>|]{1,2000})(?:\|([^<>]{0,2000}))?>/g;

/** What Slack's text says: its references as people read them, its three entities as characters. */
export function readSlackText(raw: string, team: string): SlackText {
  const mentions: Mention[] = [];
  const text = raw.replaceAll(REFERENCE, (_whole, sign: string, what: string, label?: string) => {
    if (sign === '@') {
      const name = label ?? what;
      mentions.push({ identity: `${team}:${what}`, name });
      return `@${name}`;
    }
    if (sign === '#') return `#${label ?? what}`;
    if (sign === '!') return label ?? `@${what.split('^')[0]}`;
    return what.replace(/^mailto:/, '');
  });
  return { text: text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'), mentions };
}
