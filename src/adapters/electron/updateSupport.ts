import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { UpdateSupport } from '../../ports/updater.ts';

/** What this installation is, as far as it matters for replacing it. */
export interface Installation {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Electron's `process.resourcesPath`: there electron-builder writes what the package is. */
  readonly resources: string;
  readonly execPath: string;
  /** Whether it is a packaged app (or a test says that it is as good as one). */
  readonly isPackaged: boolean;
}

/** Packages that the system's own tools install, and only with a password. */
const BY_PASSWORD: ReadonlySet<string> = new Set(['deb', 'rpm', 'pacman']);

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** What electron-builder has made this package to be, on Linux (`resources/package-type`); empty where it says nothing. */
function packageType(resources: string): string {
  try {
    return readFileSync(join(resources, 'package-type'), 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * How far an installation can be replaced. An AppImage is a file, which is written anew: its folder must be the person's. On Windows
 * what is not below their own profile was installed for all, which the system guards.
 */
export function updateSupport({ platform, env, resources, execPath, isPackaged }: Installation): UpdateSupport {
  if (!isPackaged) return 'no';
  if (platform === 'darwin') return 'quietly';
  if (platform === 'win32') {
    const own = env['LOCALAPPDATA'];
    return own !== undefined && execPath.toLowerCase().startsWith(own.toLowerCase()) ? 'quietly' : 'asking';
  }
  if (platform !== 'linux') return 'no';
  if (BY_PASSWORD.has(packageType(resources))) return 'asking';
  const image = env['APPIMAGE'];
  const isImage = image !== undefined && isAbsolute(image) && isWritable(image) && isWritable(dirname(image));
  return isImage ? 'quietly' : 'no';
}
