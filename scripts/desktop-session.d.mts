import type { StdioOptions } from 'node:child_process';

/** The password of the session's login keyring. */
export const KEYRING_PASSWORD: string;

/** Runs a command in a desktop session of its own (see desktop-session.mjs); resolves with its exit code. */
export function withDesktop(
  command: string,
  args?: string[],
  options?: {
    env?: Record<string, string>;
    cwd?: string;
    keyring?: boolean;
    timeoutMs?: number;
    stdio?: StdioOptions;
  },
): Promise<number>;
