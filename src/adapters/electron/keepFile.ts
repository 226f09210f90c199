import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';

/**
 * Runs `work`, which replaces `file`; what was there comes back when that fails and has left nothing. electron-updater takes an
 * AppImage away before it puts the new one there, and between the two the disk may be full.
 */
export async function keepFile(file: string, work: () => Promise<void>): Promise<void> {
  const kept = `${file}.before-update`;
  rmSync(kept, { force: true });
  try {
    linkSync(file, kept);
  } catch {
    // A file system without links: it goes without.
  }
  try {
    await work();
  } catch (thrown) {
    if (!existsSync(file) && existsSync(kept)) renameSync(kept, file);
    throw thrown;
  } finally {
    rmSync(kept, { force: true });
  }
}
