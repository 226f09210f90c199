/** Runs a command to its end; code is 127 when the command does not exist. */
export function run(
  command: string,
  args: readonly string[],
  options?: { cwd?: string; env?: NodeJS.ProcessEnv; capture?: boolean; timeoutMs?: number; input?: string },
): Promise<{ code: number; output: string; timedOut: boolean }>;
/** npm's own program, run by the node that runs us. */
export function npmCommand(): { command: string; prefix: string[] };
