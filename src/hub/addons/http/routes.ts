import type { FastifyInstance } from 'fastify';
import type { Addon } from '../addon.ts';
import { describeAddon } from '../describe.ts';
import { type AddonDeps, createRuntime } from '../runtime.ts';
import { installRoutes } from './installRoutes.ts';
import { pageRoutes } from './pageRoutes.ts';
import { webhookRoutes } from './webhookRoutes.ts';

/** All of an add-on, for a server that mounts it where `deps.baseUrl` says. What works by itself starts and ends with the server. Throws `invalidInput`. */
export function addonRoutes(addon: Addon, deps: AddonDeps): (app: FastifyInstance) => void {
  // Wrong words in a descriptor are said at the start, not to the first who asks. The address is known later.
  describeAddon(addon, 'https://addon.invalid');
  const runtime = createRuntime(addon, deps);
  const now = () => deps.clock.now();
  return (app) => {
    takeEmptyJson(app);
    installRoutes(runtime, deps.baseUrl)(app);
    webhookRoutes(runtime, now)(app);
    pageRoutes(runtime, now)(app);
    const stops: (() => unknown)[] = [];
    app.addHook('onListen', async () => {
      for (const handler of addon.parts.handlers.start) {
        try {
          const stop = await handler(runtime.host);
          if (typeof stop === 'function') stops.push(stop);
        } catch {
          // What it is about may hold what must not be logged.
          deps.logger.error('A handler of "start" failed', { addon: addon.key });
        }
      }
    });
    app.addHook('onClose', async () => {
      for (const stop of stops) await stop();
    });
  };
}

/** Some servers name JSON as the type of a body that they do not send, as with DELETE. */
function takeEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined);
    else parse(request, text, done);
  });
}
