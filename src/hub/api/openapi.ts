import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Where the hub's own API is. */
export const API_BASE = '/api/v1';

/** Has the routes of `/api/v1` described as OpenAPI 3.1, from the schemas that check them. Register it before them. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'HipStatus hub',
        version,
        description: 'Presence of a team: publish, read, follow. Times are ISO 8601 in UTC; lists go on with `after`.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'Made by "hipstatus hub token create"' },
        },
      },
      security: [{ token: [] }],
    },
    transform: (input) => {
      const { schema, url, route } = input;
      const scopes = route.config?.scopes;
      const isOurs = url.startsWith(API_BASE) && schema !== undefined;
      return jsonSchemaTransform({
        ...input,
        schema: isOurs
          ? { ...schema, security: scopes === undefined ? [] : [{ token: [] }], ...scopesOf(scopes) }
          : { hide: true },
      } as Parameters<typeof jsonSchemaTransform>[0]);
    },
  });
}

const scopesOf = (scopes: readonly string[] | undefined) =>
  scopes === undefined ? {} : { description: `Scope: ${scopes.join(' or ')}, or admin.` };

/** Serves the description. */
export function descriptionRoutes(app: FastifyInstance): void {
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
