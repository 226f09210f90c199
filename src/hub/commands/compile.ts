import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Loader, type Plugin, stop } from 'esbuild';
import { AppError } from '../../core/appError.ts';

/** A script as one ES module, its own files within. */
export interface Compiled {
  readonly file: string;
  readonly code: string;
  /** Its source map, JSON. */
  readonly map: string;
  /** SHA-256 of `code`: what runs is the same while this is. */
  readonly hash: string;
  /** SHA-256 by path of every file that went into it. */
  readonly inputs: ReadonlyMap<string, string>;
}

const LARGEST = 1_048_576;
const TARGET = 'node20.18';

export const hashOf = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** Reads a file of a script. Throws `invalidInput` when it is too large. */
export async function readScript(file: string): Promise<string> {
  const content = await readFile(file);
  if (content.length > LARGEST) throw new AppError('invalidInput', 'A script may have 1 MiB at most.');
  return content.toString('utf8');
}

const loaderOf = (file: string): Loader => (/\.[cm]?ts$/.test(extname(file)) ? 'ts' : 'js');

/** Notes what is read, so that a change of a helper is seen as one of the script. */
function readFiles(inputs: Map<string, string>): Plugin {
  return {
    name: 'read-files',
    setup({ onLoad }) {
      onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
        const contents = await readScript(path);
        inputs.set(path, hashOf(contents));
        return { contents, loader: loaderOf(path) };
      });
    },
  };
}

const RESOLVED = Symbol('resolved');

/** Packages stay what they are: Node loads them, from where the script would find them. */
const packages: Plugin = {
  name: 'packages',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === RESOLVED || kind === 'entry-point') return null;
      if (isBuiltin(path)) return { path, external: true };
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: RESOLVED });
      if (found.errors.length > 0) return { errors: found.errors };
      return { path: kind === 'require-call' ? found.path : pathToFileURL(found.path).href, external: true };
    });
  },
};

/** Which start of the compiler's process this is. */
let generation = 0;

/** The compiler is a process of its own, and does not come back by itself when it was ended. */
async function buildOnce(options: BuildOptions & { readonly write: false }) {
  const begun = generation;
  try {
    return await build(options);
  } catch (thrown) {
    if (typeof thrown === 'object' && thrown !== null && 'errors' in thrown) throw thrown;
    // Of those that it left behind the first one starts it again.
    if (begun === generation) {
      generation += 1;
      await stop();
    }
    return build(options);
  }
}

/** Makes one module of a script and the files beside it that it imports. Throws `invalidInput` with the compiler's words. */
export async function compile(file: string, source: string): Promise<Compiled> {
  const inputs = new Map([[file, hashOf(source)]]);
  const url = pathToFileURL(file).href;
  try {
    const { outputFiles } = await buildOnce({
      stdin: { contents: source, resolveDir: dirname(file), sourcefile: file, loader: loaderOf(file) },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: TARGET,
      sourcemap: 'external',
      sourcesContent: false,
      outdir: dirname(file),
      absWorkingDir: dirname(file),
      tsconfigRaw: '{}',
      logLevel: 'silent',
      define: {
        'import.meta.url': JSON.stringify(url),
        'import.meta.filename': JSON.stringify(file),
        'import.meta.dirname': JSON.stringify(dirname(file)),
      },
      plugins: [packages, readFiles(inputs)],
    });
    const textOf = (isMap: boolean) => outputFiles.find(({ path }) => path.endsWith('.map') === isMap)?.text ?? '';
    const code = textOf(false);
    return { file, code, map: textOf(true), hash: hashOf(code), inputs };
  } catch (thrown) {
    throw new AppError('invalidInput', wordsOf(thrown), { cause: thrown });
  }
}

interface BuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number } | null;
}

function wordsOf(thrown: unknown): string {
  const [first] = ((thrown as { readonly errors?: readonly BuildMessage[] }).errors ?? []) as readonly BuildMessage[];
  if (first === undefined) return thrown instanceof Error ? thrown.message : 'The script could not be read.';
  const { text, location } = first;
  return location === null ? text : `${location.file}:${location.line}: ${text}`;
}
