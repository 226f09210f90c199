import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { AppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';

export interface OperationsDeps {
  /** Throws when the hub can't serve now. */
  readonly checkReady: () => Promise<void>;
  readonly metrics: Registry;
}

/** For those who run the hub: whether it lives, whether it can serve, and how much it does. */
export function operationRoutes({ checkReady, metrics }: OperationsDeps): (app: FastifyInstance) => void {
  const unlimited = { config: { rateLimit: false } } as const;
  return (app) => {
    app.get('/healthz', unlimited, () => ({ status: 'ok' }));
    app.get('/readyz', unlimited, async (_request, reply) => {
      try {
        await checkReady();
        return { status: 'ready' };
      } catch (thrown) {
        const message = thrown instanceof AppError ? thrown.message : 'The store can not be used.';
        return reply.status(503).send({ status: 'not ready', message });
      }
    });
    app.get('/metrics', { config: { scopes: ['read'] } }, async (_request, reply) =>
      reply.header('content-type', metrics.contentType).send(await metrics.metrics()),
    );
  };
}

/** The same question again within `interval` milliseconds gets the same answer: anybody may ask, and asking costs the store a write. */
export function atMostEvery(interval: number, ask: () => Promise<void>, now: () => Instant): () => Promise<void> {
  let asked: { readonly at: Instant; readonly answer: Promise<void> } | null = null;
  return () => {
    const at = now();
    if (asked === null || at - asked.at >= interval) asked = { at, answer: ask() };
    return asked.answer;
  };
}
