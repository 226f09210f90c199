import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's top folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Where downloads are kept between runs, outside the work tree. HIPSTATUS_CACHE comes first so that a test session,
 * which has a home of its own, still finds the real cache.
 */
export function cacheDir() {
  if (process.env.HIPSTATUS_CACHE) return process.env.HIPSTATUS_CACHE;
  if (process.env.XDG_CACHE_HOME) return join(process.env.XDG_CACHE_HOME, 'hipstatus');
  return join(homedir(), '.cache', 'hipstatus');
}
