import type { Markup } from './html.ts';

const ADDRESS = /(https?:\/\/[^\s<>]+)/;
/** Invisible: a word is one no more. */
const BREAK = '\u200B';

/** Calls nobody: `@all` is written otherwise than it is understood. */
const uncalled = (text: string): string => text.replaceAll(/@(?=(?:all|channel|here)\b)/gi, `@${BREAK}`);

/** Nothing in it is markup, and nobody is called by it. Addresses stay as they are. */
function escaped(text: string): string {
  return text
    .split(ADDRESS)
    .map((part, index) =>
      index % 2 === 1 ? part : uncalled(part.replaceAll(/[\\`*_~[\]<>#|!]/g, (one) => `\\${one}`)),
    )
    .join('');
}

/** Mattermost's Markdown. */
export const MATTERMOST_MARKUP: Markup = {
  escape: escaped,
  plain: uncalled,
  bold: (text) => `**${text}**`,
  italic: (text) => `*${text}*`,
  code: (text) => (text.includes('\n') ? `\n\`\`\`\n${text}\n\`\`\`\n` : `\`${text}\``),
  link: (address, text) => `[${text}](${address.replaceAll('(', '%28').replaceAll(')', '%29')})`,
};
