import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/appError.ts';

const FORM = /^application\/x-www-form-urlencoded\b/i;
/** A form here holds a secret and two short fields. */
const LIMIT = 8_192;

/**
 * The fields of a form that came with the request. Fastify has parsed a POST's; a GET's, which some clients send, is read here.
 * Throws `invalidInput` for one that is too long.
 */
export async function readForm(request: FastifyRequest): Promise<URLSearchParams> {
  if (!FORM.test(request.headers['content-type'] ?? '')) return new URLSearchParams();
  if (request.method !== 'GET') return new URLSearchParams(request.body as Record<string, string>);
  let text = '';
  for await (const chunk of request.raw.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > LIMIT) throw new AppError('invalidInput', 'The form is too long.');
  }
  return new URLSearchParams(text);
}
