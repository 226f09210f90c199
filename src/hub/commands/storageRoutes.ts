import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorSchema } from '../api/schemas.ts';
import type { RunStorageCommand } from './storageCommands.ts';

const file = z.string().min(1).max(100).describe('Of `HUB_DATA/storage-files`: a plain name, such as `storage.txt`');

const body = z.discriminatedUnion('action', [
  z.strictObject({ action: z.enum(['save', 'load']), file }),
  z.strictObject({ action: z.literal('erase') }),
]);

const done = z.object({
  action: z.enum(['save', 'load', 'erase']),
  integrations: z.int().describe('How many integrations it was about'),
});

/** What integrations keep: to a file, from a file, or nothing more of it. */
export function storageRoutes(runStorageCommand: RunStorageCommand): (app: FastifyInstance) => void {
  return (plain) => {
    plain.withTypeProvider<ZodTypeProvider>().post(
      '/integrations/storage',
      {
        config: { scopes: ['admin'] },
        schema: {
          tags: ['integrations'],
          summary: 'Save, load or erase what all integrations keep',
          body,
          response: {
            200: done,
            400: errorSchema,
            401: errorSchema,
            403: errorSchema,
            404: errorSchema,
            429: errorSchema,
          },
        },
      },
      async (request) => ({ action: request.body.action, integrations: await runStorageCommand(request.body) }),
    );
  };
}
