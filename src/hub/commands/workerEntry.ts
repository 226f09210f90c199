import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AppError } from '../../core/appError.ts';
import { compile } from './compile.ts';

const FILE = 'commandWorker.js';

/** The file that runs in workers: the bundle beside the bundle (or above its chunks), the source beside the source. */
export async function workerEntry(): Promise<URL> {
  const here = dirname(fileURLToPath(import.meta.url));
  const built = [here, dirname(here)].map((folder) => join(folder, FILE)).find(existsSync);
  if (built !== undefined) return pathToFileURL(built);
  const source = join(here, 'worker.ts');
  if (!existsSync(source))
    throw new AppError('serverError', 'The hub is not installed whole: its file for workers is missing.');
  const { code } = await compile(source, await readFile(source, 'utf8'));
  // A name for stacks, as it has when built.
  const named = `${code}\n//# sourceURL=${FILE}`;
  return new URL(`data:text/javascript;base64,${Buffer.from(named).toString('base64')}`);
}
