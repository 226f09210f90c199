/** How a chat writes what HTML says. Each gets text that is escaped already. */
export interface Markup {
  /** Text in which nothing is markup. */
  readonly escape: (text: string) => string;
  /** The same where no markup is read. */
  readonly plain: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly italic: (text: string) => string;
  readonly code: (text: string) => string;
  readonly link: (address: string, text: string) => string;
}

const TAG = /<(\/?)([a-z][a-z0-9]{0,20})((?:\s[^<>]*)?)\/?>/gi;
const HREF = /\s(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const ADDRESS = /^(?:https?:\/\/|mailto:)[^\s<>|"]+$/i;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function character(code: number): string {
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\uFFFD';
}

const decoded = (text: string): string =>
  text.replaceAll(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return character(Number(decimal));
    if (hex !== undefined) return character(Number.parseInt(hex, 16));
    return NAMED[(name ?? '').toLowerCase()] ?? whole;
  });

interface Open {
  readonly tag: string;
  readonly address: string | null;
  text: string;
}

const BREAKS = new Set(['br', 'p', 'div', 'tr', 'ul', 'ol', 'table', 'pre']);

function closed({ tag, address, text }: Open, markup: Markup): string {
  if (text.trim() === '') return text;
  if (tag === 'b' || tag === 'strong') return markup.bold(text);
  if (tag === 'i' || tag === 'em') return markup.italic(text);
  if (tag === 'code' || tag === 'pre') return markup.code(text);
  return tag === 'a' && address !== null ? markup.link(address, text) : text;
}

/** The HTML of a HipChat notification in another chat's markup; what that has no words for is left out, its text stays. */
export function fromHtml(html: string, markup: Markup): string {
  const stack: Open[] = [{ tag: '', address: null, text: '' }];
  const top = (): Open => stack.at(-1) as Open;
  const write = (text: string): void => {
    top().text += text;
  };
  const close = (): void => {
    const open = stack.pop() as Open;
    write(closed(open, markup));
  };
  /** Code shows what stands in it; what would end it is another character. */
  const textOf = (part: string): string => {
    const text = decoded(part);
    const isCode = stack.some(({ tag }) => tag === 'code' || tag === 'pre');
    return isCode ? markup.plain(text).replaceAll('`', "'") : markup.escape(text);
  };
  let at = 0;
  for (const { 0: whole, 1: slash, 2: name = '', 3: attributes = '', index } of html.matchAll(TAG)) {
    write(textOf(html.slice(at, index)));
    at = index + whole.length;
    const tag = name.toLowerCase();
    if (slash === '/') {
      if (stack.some((open) => open.tag === tag)) {
        while (top().tag !== tag) close();
        close();
      }
      if (tag === 'p' || tag === 'tr' || tag === 'li') write('\n');
    } else if (BREAKS.has(tag) && top().text !== '' && !top().text.endsWith('\n')) write('\n');
    else if (tag === 'li') write('• ');
    else if (tag === 'img') write(imageOf(attributes, markup));
    if (slash !== '/' && tag !== 'br' && tag !== 'img') {
      stack.push({ tag, address: addressIn(attributes), text: '' });
    }
  }
  write(textOf(html.slice(at)));
  while (stack.length > 1) close();
  return top().text.trim();
}

function addressIn(attributes: string): string | null {
  const [, double, single] = HREF.exec(attributes) ?? [];
  const address = decoded(double ?? single ?? '');
  return ADDRESS.test(address) ? address : null;
}

const imageOf = (attributes: string, markup: Markup): string => {
  const address = addressIn(attributes);
  return address === null ? '' : markup.link(address, markup.escape(address));
};
