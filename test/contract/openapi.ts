import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Exchange } from '../../src/sandbox/index.ts';

/** One service's contract. Every finding is a line a person can act on; no finding means the contract is kept. */
export interface Contract {
  /** What our client sent: path, method, parameters, credentials, body. */
  request(exchange: Exchange): string[];
  /** What the service answered: status and body. */
  answer(exchange: Exchange): string[];
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: { type?: string };
}
interface Operation {
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { required?: boolean; content: Record<string, unknown> };
  responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>;
  security?: unknown[];
  'x-ms-pageable'?: unknown;
}
interface Document {
  paths: Record<string, Record<string, Operation> & { parameters?: Operation['parameters'] }>;
  security?: unknown[];
}

/** The part of the address that the files leave out of their paths. */
const PREFIX: Record<string, string> = { google: '/calendar/v3', graph: '/v1.0', hipchat: '/v2', slack: '/api' };

/** Errors that every Slack method may answer and the file (of 2021) does not list. */
const SLACK_ANYWHERE = ['missing_scope', 'ratelimited', 'token_expired', 'internal_error', 'service_unavailable'];

/**
 * Refusals that a service may answer to any call and its file does not list with each. A bad request counts everywhere:
 * HipChat's file lists no 400, though the API answered one to a body it could not take.
 */
const ANYWHERE: Record<string, readonly string[]> = {
  mattermost: ['401', '403', '404'],
  rocketchat: ['401'],
  zulip: ['401'],
};

/** Where nobody is signed in yet, though the file says of all its calls alike that they need credentials. */
const OPEN = new Set(['/api/v4/users/login', '/api/v1/server_settings']);

/** Mattermost's file leaves out what these answers hold: `{status: 'OK'}`, and the client's configuration. */
const UNTOLD = new Set(['mattermost']);
/** Google's standard query parameters: its discovery document has them for every method, the cut file for none. */
const GOOGLE_ANYWHERE = ['alt', 'fields', 'key', 'prettyPrint', 'quotaUser'];

/** Examples are data, not schemas; they are not read. */
const DATA = new Set(['example', 'examples', 'enum', 'default', 'required']);

/** OpenAPI 3.0 writes "or null" as `nullable: true`, which JSON Schema does not know. */
function toJsonSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const plain: { [key: string]: Json } = {};
  for (const [key, inner] of Object.entries(value)) plain[key] = DATA.has(key) ? inner : toJsonSchema(inner);
  if (plain['nullable'] !== true) return plain;
  delete plain['nullable'];
  return { anyOf: [plain, { type: 'null' }] };
}

const escapePart = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');
const pointer = (...parts: string[]) => `#/${parts.map((part) => encodeURIComponent(escapePart(part))).join('/')}`;

function coerce(text: string, type: string | undefined): unknown {
  if (type === 'integer' || type === 'number') return text.trim() === '' ? text : Number(text);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (type === 'array') return text.split(',');
  return text;
}

/** Builds the checker of one OpenAPI 3.0 document. */
export function createContract(service: string, document: unknown): Contract {
  const { paths, security } = document as Document;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats(ajv);
  // Graph's time of day has no zone (Edm.TimeOfDay), and its durations are ISO 8601 as they are.
  ajv.addFormat('time', /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?$/);
  ajv.addSchema(toJsonSchema(document as Json) as object, service);
  const compiled = new Map<string, ValidateFunction>();

  function check(where: string, value: unknown, label: string): string[] {
    const known = compiled.get(where) ?? ajv.compile({ $ref: `${service}${where}` });
    compiled.set(where, known);
    if (known(value)) return [];
    return (known.errors ?? []).map(({ instancePath, message }) => `${label}${instancePath} ${message ?? 'is wrong'}`);
  }

  function at<T>(ref: string): T {
    let found: unknown = document;
    for (const part of ref.slice(2).split('/')) found = (found as Record<string, unknown>)[part];
    return found as T;
  }

  /** The operation of an exchange, with the key of its path and the number of exact parts it matched by. */
  function find(exchange: Exchange): { path: string; method: string; operation: Operation } | string {
    const prefix = PREFIX[service] ?? '';
    if (!exchange.path.startsWith(`${prefix}/`)) return `path ${exchange.path} is not under ${prefix}`;
    const parts = exchange.path.slice(prefix.length).split('/');
    const fits = Object.keys(paths).filter((path) => {
      const wanted = path.split('/');
      return (
        wanted.length === parts.length &&
        wanted.every((part, index) => (part.startsWith('{') ? parts[index] !== '' : part === parts[index]))
      );
    });
    // The path with the fewest placeholders is meant: /me/calendars before /me/{thing}.
    const [path] = fits.sort((a, b) => a.split('{').length - b.split('{').length);
    if (path === undefined) return `path ${exchange.path} is not in the contract`;
    const method = exchange.method.toLowerCase();
    const operation = paths[path]?.[method];
    return operation ? { path, method, operation } : `method ${exchange.method} is not in the contract of ${path}`;
  }

  function parameters(path: string, operation: Operation): { parameter: Parameter; where: string }[] {
    const of = (list: Operation['parameters'], base: string[]) =>
      (list ?? []).map((entry, index) =>
        '$ref' in entry
          ? { parameter: at<Parameter>(entry.$ref), where: `${entry.$ref}/schema` }
          : { parameter: entry, where: pointer(...base, 'parameters', String(index), 'schema') },
      );
    const method = Object.entries(paths[path] ?? {}).find(([, value]) => value === operation)?.[0] ?? 'get';
    return [...of(paths[path]?.parameters, ['paths', path]), ...of(operation.parameters, ['paths', path, method])];
  }

  function formFields(body: Record<string, string>, schemaAt: string[], operation: Operation): string[] {
    const typeOf = (kind: string, name: string) => {
      const content = operation.requestBody?.content[kind] as
        | { schema?: { properties?: Record<string, { type?: string }> } }
        | undefined;
      return content?.schema?.properties?.[name]?.type;
    };
    const form = 'application/x-www-form-urlencoded';
    const fields = Object.entries(body).map(([name, text]) => [name, coerce(text, typeOf(form, name))]);
    const findings = check(pointer(...schemaAt, form, 'schema'), Object.fromEntries(fields), 'request body');
    // A form carries an object as JSON text; what is in it must fit the JSON variant of the same field.
    for (const [name, text] of Object.entries(body)) {
      if (typeOf('application/json', name) !== 'object') continue;
      try {
        const where = pointer(...schemaAt, 'application/json', 'schema', 'properties', name);
        findings.push(...check(where, JSON.parse(text), `request body/${name}`));
      } catch {
        findings.push(`request body/${name} is not JSON`);
      }
    }
    return findings;
  }

  function bodyFindings(exchange: Exchange, path: string, method: string, operation: Operation): string[] {
    const wanted = operation.requestBody;
    if (exchange.body === undefined) return wanted?.required ? ['request body is missing'] : [];
    if (!wanted) return ['request has a body the contract does not know'];
    const type = (exchange.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
    if (!(type in wanted.content)) return [`request content type ${type || '(none)'} is not in the contract`];
    const schemaAt = ['paths', path, method, 'requestBody', 'content'];
    if (type.includes('form')) return formFields(exchange.body as Record<string, string>, schemaAt, operation);
    return check(pointer(...schemaAt, type, 'schema'), exchange.body, 'request body');
  }

  return {
    request(exchange) {
      const found = find(exchange);
      if (typeof found === 'string') return [found];
      const { path, method, operation } = found;
      const findings: string[] = [];
      const known = parameters(path, operation);
      const queries = new Set(known.filter(({ parameter }) => parameter.in === 'query').map((k) => k.parameter.name));
      for (const { parameter, where } of known) {
        if (parameter.in === 'path') continue;
        const given =
          parameter.in === 'query' ? exchange.query[parameter.name] : exchange.headers[parameter.name.toLowerCase()];
        const label = `${parameter.in} parameter ${parameter.name}`;
        if (given === undefined) {
          if (parameter.required) findings.push(`${label} is missing`);
        } else {
          findings.push(...check(where, coerce(given, parameter.schema?.type), label));
        }
      }
      // A page's address is the service's own word; only there may its token appear.
      if (operation['x-ms-pageable']) queries.add('$skiptoken');
      if (service === 'google') for (const name of GOOGLE_ANYWHERE) queries.add(name);
      for (const name of Object.keys(exchange.query)) {
        if (!queries.has(name)) findings.push(`query parameter ${name} is not in the contract of ${path}`);
      }
      const credentials = (operation.security ?? security ?? []).length > 0 && !OPEN.has(path);
      if (credentials && !/^(Bearer|Basic) /i.test(exchange.headers['authorization'] ?? '')) {
        findings.push('authorization is missing');
      }
      return [...findings, ...bodyFindings(exchange, path, method, operation)];
    },

    answer(exchange) {
      const found = find(exchange);
      // An address the contract does not know has no answer in it either; it may only be refused.
      if (typeof found === 'string') return exchange.status >= 400 ? [] : [`${found}, yet it was served`];
      // A dropped connection is no answer.
      if (exchange.status === 0) return [];
      const { path, method, operation } = found;
      // Trouble of the service itself is in no contract, and Slack documents 429 for all methods at once.
      // Google tells its errors in a guide, not in the contract.
      if (service === 'google' && exchange.status >= 400) return [];
      if (exchange.status >= 500 || (service === 'slack' && exchange.status === 429)) return [];
      const body = exchange.responseBody;
      const slackError = service === 'slack' && (body as { ok?: unknown } | undefined)?.ok === false;
      if (slackError && SLACK_ANYWHERE.includes((body as { error: string }).error)) return [];
      const exact = slackError ? 'default' : String(exchange.status);
      const range = `${exact[0]}XX`;
      const key = [exact, range, 'default'].find((name) => name in operation.responses);
      if (key === undefined) {
        return exact === '400' || ANYWHERE[service]?.includes(exact)
          ? []
          : [`status ${exact} is not in the contract of ${method.toUpperCase()} ${path}`];
      }
      const response = operation.responses[key];
      const base =
        response?.$ref === undefined ? ['paths', path, method, 'responses', key] : response.$ref.slice(2).split('/');
      const content =
        response?.$ref === undefined ? response?.content : at<{ content?: object }>(response.$ref).content;
      if (!content) {
        const empty = body === undefined || exchange.status >= 400 || UNTOLD.has(service);
        return empty ? [] : [`answer ${exact} must be empty`];
      }
      if (body === undefined) return [`answer ${exact} has no body`];
      return check(pointer(...base, 'content', 'application/json', 'schema'), body, `answer ${exact}`);
    },
  };
}

/** Both sides of an exchange at once. */
export function checkExchange(contract: Contract, exchange: Exchange): string[] {
  return [...contract.request(exchange), ...contract.answer(exchange)];
}
