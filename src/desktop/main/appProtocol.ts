import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { fileOf, SCHEME } from './pageFiles.ts';

/** Our own files and nothing else: no inline code, no pictures, no connections, no frames. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Before the app is ready: pages of this scheme get an origin of their own and count as secure. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves the renderer's files to our windows. They can't be `file:` pages: those have rights that ours do not need. */
export function servePages(session: Session, folder: string): void {
  session.protocol.handle(SCHEME, async (request) => {
    const file = request.method === 'GET' ? fileOf(request.url, folder) : null;
    const content = file === null ? null : await readFile(file.path).catch(() => null);
    if (file === null || content === null) return new Response('Not found', { status: 404, headers: HEADERS });
    return new Response(new Uint8Array(content), { headers: { ...HEADERS, 'content-type': file.type } });
  });
}
