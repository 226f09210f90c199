import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { AppError } from '../../core/appError.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

const INDEX = 'index.html';
/** Where vite puts what has a hash of its content in its name. */
const ASSETS = 'assets';
const YEAR = 365 * 24 * 60 * 60;

type Files = ReadonlyMap<string, Buffer>;

/** The built page by name; it is small, and what is not in it can't be asked for. Throws when it is not there. */
async function load(folder: string): Promise<Files> {
  const names = await readdir(join(folder, ASSETS));
  const read = async (name: string) => [name, await readFile(join(folder, name))] as const;
  return new Map(await Promise.all([INDEX, ...names.map((name) => `${ASSETS}/${name}`)].map(read)));
}

/** Serves the team's page at `/`. @param folder what `npm run build` made of `src/hub/page` */
export function pageRoutes(folder: string): (app: FastifyInstance) => void {
  let files: Files | null = null;
  const file = async (name: string): Promise<Buffer> => {
    try {
      files ??= await load(folder);
    } catch (cause) {
      throw new AppError(
        'unavailable',
        'The page has not been built. Run "npm run build" where the hub is installed.',
        {
          cause,
        },
      );
    }
    const found = files.get(name);
    if (found === undefined) throw new AppError('notFound', 'There is nothing at this address.');
    return found;
  };
  const send = (reply: FastifyReply, name: string, content: Buffer): FastifyReply =>
    reply.type(TYPES[extname(name)] ?? 'application/octet-stream').send(content);
  return (app) => {
    app.get('/', async (_request, reply) => send(reply, INDEX, await file(INDEX)));
    app.get<{ Params: { name: string } }>(`/${ASSETS}/:name`, async ({ params: { name } }, reply) => {
      const content = await file(`${ASSETS}/${name}`);
      return send(reply.header('cache-control', `public, max-age=${YEAR}, immutable`), name, content);
    });
  };
}
