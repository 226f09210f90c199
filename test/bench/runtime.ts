import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronRuntime } from '../../scripts/electron-runtime.mjs';

/**
 * A copy of the runtime for the bench alone. Memory is counted in shares: with another Electron at work on the machine, the
 * pages of the same files would count half, and differently from one minute to the next.
 */
export async function ownRuntime(electron: ElectronRuntime, folder: string): Promise<ElectronRuntime> {
  await cp(electron.distPath, folder, { recursive: true });
  return { ...electron, path: join(folder, electron.executableName), distPath: folder };
}
