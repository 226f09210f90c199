import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../core/appError.ts';
import { pathsOf } from '../describe.ts';
import type { AddonRuntime } from '../runtime.ts';
import { originsOf, type TenantRecord } from '../tenants.ts';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const textOf = (fields: Fields, name: string): string | null => {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

const PAGE = (text: string) => `<!doctype html><meta charset="utf-8"><title>Add-on</title><p>${text}</p>`;

/**
 * Whether a browser may be sent there: to the server that installed the add-on, and to its neighbours, as teams have
 * `team.example.com` where the server is `www.example.com`. Else anybody could use us to send people anywhere.
 */
function mayRedirect(address: string, record: TenantRecord): boolean {
  if (!URL.canParse(address)) return false;
  const { origin, protocol, hostname } = new URL(address);
  if (originsOf(record).includes(origin)) return true;
  if (protocol !== 'https:' || record.homepage === null) return false;
  const parent = new URL(record.homepage).hostname.replace(/^www\./, '');
  return parent.includes('.') && /[a-z]/.test(parent) && hostname.endsWith(`.${parent}`);
}

/** How chat servers install and uninstall the add-on. None of it is signed: who knows an installation's id can end it. */
export function installRoutes({ addon, describe, installations }: AddonRuntime, baseUrl: () => string) {
  return (app: FastifyInstance): void => {
    const { installed, uninstalled } = pathsOf(addon, baseUrl());
    const remove = async (request: FastifyRequest, reply: FastifyReply) => {
      const fields = [request.params, request.query, request.body].map(fieldsOf);
      const [oauthId] = fields.flatMap((one) => textOf(one, 'oauthId') ?? textOf(one, 'oauth_client_id') ?? []);
      if (oauthId === undefined) throw new AppError('invalidInput', 'Say which installation: its oauthId is missing.');
      await installations.uninstall(oauthId);
      // Also when there was none: who asks twice has what was wanted.
      return reply.status(204).send();
    };
    const finish = (reply: FastifyReply, query: Fields, record: TenantRecord | null, text: string) => {
      const back = textOf(query, 'redirect_url');
      if (back !== null && record !== null && mayRedirect(back, record)) return reply.redirect(back, 302);
      return reply.type('text/html; charset=utf-8').send(PAGE(text));
    };

    for (const path of new Set(['/', '/capabilities'])) app.get(path, () => describe());

    app.post(installed, async (request, reply) => {
      await installations.install(request.body);
      return reply.status(204).send();
    });
    app.get(installed, async (request, reply) => {
      const query = fieldsOf(request.query);
      const record = await installations.installFrom(installable(query));
      return finish(reply, query, record, 'The add-on is installed. You can close this page.');
    });
    app.get(uninstalled, async (request, reply) => {
      const query = fieldsOf(request.query);
      const record = await installations.uninstallFrom(installable(query));
      return finish(reply, query, record, 'The add-on is removed. You can close this page.');
    });
    app.delete(`${installed}/:oauthId`, remove);
    // Older add-ons were told in these ways.
    app.post(uninstalled, remove);
    app.delete(uninstalled, remove);
    app.post(`${uninstalled}/:oauthId`, remove);
    app.delete(`${uninstalled}/:oauthId`, remove);
  };
}

function installable(query: Fields): string {
  const address = textOf(query, 'installable_url');
  if (address !== null) return address;
  throw new AppError('invalidInput', 'installable_url is missing: the chat server sends it along.');
}
