import { extname, join, sep } from 'node:path';

export const SCHEME = 'app';
const ORIGIN = `${SCHEME}://hipstatus`;

/** The pages there are: the folders of `desktop/renderer`. */
export type PageName = 'prompt' | 'checks' | 'today' | 'preferences' | 'welcome' | 'activity';

export const pageUrl = (page: PageName): string => `${ORIGIN}/${page}/index.html`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export interface PageFile {
  readonly path: string;
  readonly type: string;
}

/** The file that `url` names below `folder`; null for everything that is not one of our pages' files. */
export function fileOf(url: string, folder: string): PageFile | null {
  const { protocol, host, pathname } = new URL(url);
  const type = TYPES[extname(pathname)];
  if (`${protocol}//${host}` !== ORIGIN || type === undefined) return null;
  const path = join(folder, decodeURIComponent(pathname));
  return path.startsWith(folder + sep) ? { path, type } : null;
}
