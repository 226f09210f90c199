// electron-builder's afterSign hook, called for macOS once the app is signed. electron-builder itself has then submitted it
// to Apple and stapled the ticket, if the credentials are in the environment (docs/packaging.md names them). This hook says
// plainly what came of it, and fails a build whose credentials were there but whose ticket is not.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Any one of these means that a notarized app was asked for. */
const CREDENTIALS = ['APPLE_API_KEY', 'APPLE_ID', 'APPLE_KEYCHAIN_PROFILE'];

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} whether the build is one that gets notarized
 */
export function wantsNotarization(env) {
  return CREDENTIALS.some((name) => Boolean(env[name]));
}

/** @param {import('electron-builder').AfterPackContext} context */
export default async function afterSign(context) {
  if (context.electronPlatformName !== 'darwin') return;
  const app = join(context.appOutDir, `${context.packager.appInfo.productFilename}.app`);
  if (!wantsNotarization(process.env)) {
    console.warn(
      `${app} is not notarized: set ${CREDENTIALS.join(' or ')} (docs/packaging.md). Other Macs will block it.`,
    );
    return;
  }
  execFileSync('codesign', ['--verify', '--deep', '--strict', app], { stdio: 'inherit' });
  execFileSync('xcrun', ['stapler', 'validate', app], { stdio: 'inherit' });
}
