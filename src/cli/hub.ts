import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { asAppError } from '../core/appError.ts';
import type { HubProgram, HubShell } from '../ports/hubProgram.ts';

/**
 * Node's own `import()`. Written out it would become `require` in our CommonJS bundle (electron.vite.config.ts says why), and Node 20
 * has no quiet `require` of what the hub is: an ES module.
 */
const importFile = new Function('url', 'return import(url)') as (url: string) => Promise<HubProgram>;

/** Where the hub lies beside a command line: the bundle beside the bundle, the source beside the source. */
const hubFile = (programFile: string): string =>
  join(dirname(programFile), '..', 'hub', extname(programFile) === '.ts' ? 'main.ts' : 'main.js');

/**
 * Hands the words behind `hipstatus hub` to the hub. Never throws.
 *
 * @param programFile the command line's own file, without links
 * @param load reads the module at a file address; only tests give another, whose modules know no `import()` in new code
 * @returns the hub's exit code; 2 where there is no hub
 */
export async function runHub(
  words: readonly string[],
  programFile: string,
  shell: HubShell,
  load = importFile,
): Promise<number> {
  const file = hubFile(programFile);
  if (!existsSync(file)) {
    shell.stderr.write(
      'hipstatus: The hub is not part of the app: it is installed with npm, on a server. docs/hub.md says how.\n',
    );
    return 2;
  }
  try {
    const { runHub: run } = await load(pathToFileURL(file).href);
    return await run(words, shell);
  } catch (thrown) {
    shell.stderr.write(`hipstatus: ${asAppError(thrown).message}\n`);
    return 1;
  }
}
