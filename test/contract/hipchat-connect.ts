import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Exchange } from '../../src/sandbox/index.ts';
import { judge, loadContracts, specsFolder } from './specs.ts';

const FILE = 'hipchat-connect.schema.json';
const contracts = loadContracts();
const folder = specsFolder();
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
if (folder !== undefined) ajv.addSchema(JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as object, FILE);

/** The parts of HipChat Connect that can be judged. */
type Part =
  | 'descriptor'
  | 'installation'
  | 'hostCapabilities'
  | 'tokenResponse'
  | 'jwtClaims'
  | 'webhookDelivery'
  | 'notification'
  | 'glanceContent';

const compiled = new Map<Part, ValidateFunction>();

/** What is wrong with a value, one line each; nothing is found where the schema is not at hand. */
export function misfits(part: Part, value: unknown): string[] {
  if (folder === undefined) return [];
  const check = compiled.get(part) ?? ajv.compile({ $ref: `${FILE}#/definitions/${part}` });
  compiled.set(part, check);
  if (check(value)) return [];
  return (check.errors ?? []).map(({ instancePath, message }) => `${part}${instancePath} ${message ?? 'is wrong'}`);
}

/** Paths that the stand-in serves and the reconstructed OpenAPI file leaves out. */
const UNTOLD = [/^\/v2\/room\/[^/]+\/(topic|history\/latest|share\/(file|link))$/, /^\/connect\//, /^\/addons\/$/];

const isHook = ({ method, path }: Exchange) => method === 'GET' && /^\/v2\/room\/[^/]+\/webhook\/[^/]+$/.test(path);

/** Which part an exchange's body is, and the body. */
function partsOf({ service, method, path, body, status, responseBody }: Exchange): [Part, unknown][] {
  const event = (body as { event?: unknown } | undefined)?.event;
  if (service === 'addon' && typeof event === 'string') return [['webhookDelivery', body]];
  const isInstallation = (body as { oauthId?: unknown } | undefined)?.oauthId !== undefined;
  if (service === 'addon' && method === 'POST' && isInstallation) return [['installation', body]];
  if (status !== 200) return [];
  if (path === '/v2/capabilities') return [['hostCapabilities', responseBody]];
  if (path === '/v2/oauth/token') return [['tokenResponse', responseBody]];
  return [];
}

/**
 * What is wrong with the exchanges of the stand-in for add-ons: its answers by the OpenAPI file, and what it sends by the
 * schema of HipChat Connect. Bodies that a test has forged are to be left out before.
 */
export function connectFindings(exchanges: readonly Exchange[]): string[] {
  const told = exchanges.filter((one) => !one.injected && !UNTOLD.some((path) => path.test(one.path)) && !isHook(one));
  const bySchema = exchanges
    .filter(({ injected }) => !injected)
    .flatMap((exchange) =>
      partsOf(exchange).flatMap(([part, value]) => misfits(part, value).map((line) => `${exchange.path}: ${line}`)),
    );
  return [...judge(contracts, told, 'answer'), ...bySchema];
}
