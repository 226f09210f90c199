import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { readProgress } from '../sync/progress.ts';
import type { ApiDeps } from './deps.ts';
import { errorSchema, syncSchema } from './schemas.ts';

/** How far organisation sync is. */
export function syncRoutes({ store, clock }: Pick<ApiDeps, 'store' | 'clock'>): (app: FastifyInstance) => void {
  return (plain) => {
    plain.withTypeProvider<ZodTypeProvider>().get(
      '/sync',
      {
        config: { scopes: ['read'] },
        schema: {
          tags: ['operation'],
          summary: 'How far organisation sync is; null where none runs',
          response: { 200: syncSchema, 401: errorSchema, 403: errorSchema, 429: errorSchema, 503: errorSchema },
        },
      },
      async () => {
        const progress = await readProgress(store.documents, clock.now());
        if (progress === null) return { sync: null };
        const { at, ...figures } = progress;
        return { sync: { at: new Date(at).toISOString(), ...figures } };
      },
    );
  };
}
