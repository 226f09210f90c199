import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../core/appError.ts';

/** Bodies as they came: signatures are over bytes. */
export function keepRaw(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

export const rawOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

export const fieldsOf = (form: string | Buffer): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(form.toString()));

/** The value of a JSON text; null for none. */
export function jsonOf(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return null;
  }
}

export const headerOf = ({ headers }: FastifyRequest, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** Has a request count as one of its team, not of the address that a chat shares among all its teams. */
export function letIn(request: FastifyRequest, id: string): void {
  request.actor = { id: `host:${id}`, name: 'Chat', scopes: [], personId: null, createdAt: 0, expiresAt: null };
}

/** Counts a failure: many make an address wait. Always throws. */
export async function refuse(request: FastifyRequest, message: string, reason: string): Promise<never> {
  await request.server.countFailure(request);
  throw new AppError('unauthorized', message, { reason });
}
