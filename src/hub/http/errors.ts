import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError, type ErrorCode } from '../../core/appError.ts';
import { SECOND } from '../../core/time.ts';
import type { Logger } from '../../ports/logger.ts';

const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalidInput: 400,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  rateLimited: 429,
  serverError: 500,
  badResponse: 502,
  unavailable: 503,
  network: 503,
  locked: 503,
  timeout: 504,
  cancelled: 503,
};

/** Fastify's own refusals, which carry a status: a body too large, a wrong content type, broken JSON. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  429: 'rateLimited',
};

/** An answer's body when something went wrong. */
export interface ErrorAnswer {
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

export const errorAnswer = (code: ErrorCode, message: string): ErrorAnswer => ({ error: { code, message } });

/** Sends what can be said of an error: a sentence and a code; never a stack, a value that was sent, or what others answered. */
export function sendError(reply: FastifyReply, thrown: unknown, logger: Logger): FastifyReply {
  if (thrown instanceof AppError) {
    if (thrown.retryAfter !== null) reply.header('retry-after', Math.ceil(thrown.retryAfter / SECOND));
    const status = thrown.reason === 'preconditionFailed' ? 412 : STATUS[thrown.code];
    return reply.status(status).send(errorAnswer(thrown.code, thrown.message));
  }
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const where = thrown.validation.map(
      ({ instancePath, message }) => `${instancePath.slice(1) || 'body'}: ${message}`,
    );
    return reply.status(400).send(errorAnswer('invalidInput', `${where.join('; ')}.`));
  }
  const { statusCode = 500, message, code } = thrown as Partial<FastifyError>;
  if (statusCode < 500) {
    return reply.status(statusCode).send(errorAnswer(CODES[statusCode] ?? 'invalidInput', message ?? 'Not accepted.'));
  }
  logger.error('A request failed', { route: reply.request.routeOptions.url ?? '', code: code ?? 'defect' });
  logger.debug('Where it failed', { frames: framesOf(thrown) });
  return reply.status(500).send(errorAnswer('serverError', 'Something went wrong in the hub. Its log has more.'));
}

/** Where in the code, without the message: that may hold what was sent. */
const framesOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? '').split('\n').slice(1, 5).join(' ').replaceAll(/\s+/g, ' ') : '';

/** Has every error of every route answered in one form. */
export function useErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((thrown, _request, reply) => sendError(reply, thrown, logger));
  app.setNotFoundHandler((_request, reply) =>
    reply.status(404).send(errorAnswer('notFound', 'There is nothing at this address.')),
  );
}

/** What Node says of a request that it could not read, and what it is answered with. */
const UNREADABLE: Readonly<Record<string, readonly [status: string, code: ErrorCode, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'invalidInput', 'The headers are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'timeout', 'The request did not come in time.'],
};

/** Answers what is no request (that can be read), and ends the connection. */
export const refuseUnreadable =
  (headers: Readonly<Record<string, string>>) =>
  (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (socket.writable && error.code !== 'ECONNRESET') {
      const [status, code, message] = UNREADABLE[error.code ?? ''] ?? [
        '400 Bad Request',
        'invalidInput',
        'This is no HTTP request.',
      ];
      const body = JSON.stringify(errorAnswer(code, message));
      const lines = Object.entries({
        ...headers,
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
      }).map(([name, value]) => `${name}: ${value}`);
      socket.write([`HTTP/1.1 ${status}`, ...lines, '', body].join('\r\n'));
    }
    socket.destroy(error);
  };
