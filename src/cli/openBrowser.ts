import { spawn } from 'node:child_process';

/** The program that opens an address in the person's browser. */
function opener(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['/usr/bin/open'];
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}

/** Opens an http or https address; rejects when there is no program for it. Does not wait for the browser to end. */
export function openBrowser(platform: NodeJS.Platform, url: string): Promise<void> {
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return Promise.reject(new TypeError('not a web address'));
  const [program, ...args] = opener(platform);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, href], { stdio: 'ignore', detached: true });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
