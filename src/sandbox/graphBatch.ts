import { graphError, graphOk } from './graphAnswers.ts';
import { type Handler, matchRoute, type Route, type SandboxAnswer, type SandboxRequest } from './http.ts';

interface Step {
  id: string;
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
}

const MOST = 20;
const ROOT = '/v1.0';

const isStep = (value: unknown): value is Step =>
  typeof value === 'object' &&
  value !== null &&
  ['id', 'method', 'url'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string');

const lowerCase = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * `POST /$batch` (Graph, "Combine multiple HTTP requests using JSON batching"): at most twenty requests, each with its own status; the
 * answers may come in any order.
 * @param before may answer a step in the service's place
 */
export function batchHandler(
  routes: () => readonly Route[],
  notFound: Handler,
  before: (step: SandboxRequest, earlier: readonly SandboxRequest[]) => SandboxAnswer | null,
): Handler {
  return async (request) => {
    const steps = (request.json as { requests?: unknown } | undefined)?.requests;
    if (!Array.isArray(steps) || !steps.every(isStep)) {
      return graphError(400, 'BadRequest', 'Invalid batch payload format.');
    }
    if (steps.length > MOST) {
      return graphError(400, 'BadRequest', `The number of requests in a batch is limited to ${MOST}.`);
    }
    if (new Set(steps.map(({ id }) => id)).size < steps.length) {
      return graphError(400, 'BadRequest', 'Request ids of a batch must be unique.');
    }
    const responses: unknown[] = [];
    const earlier: SandboxRequest[] = [];
    for (const step of steps) {
      const url = new URL(`${ROOT}${step.url.startsWith('/') ? '' : '/'}${step.url}`, 'http://localhost');
      const found = matchRoute(routes(), step.method, url.pathname);
      const asked: SandboxRequest = {
        ...request,
        method: step.method,
        path: url.pathname,
        query: url.searchParams,
        headers: { authorization: request.headers['authorization'], ...lowerCase(step.headers ?? {}) },
        json: step.body,
        param: (name) => found?.params.get(name) ?? '',
      };
      const answer = before(asked, earlier) ?? (await (found?.route.handler ?? notFound)(asked));
      earlier.push(asked);
      responses.unshift({ id: step.id, status: answer.status, headers: answer.headers ?? {}, body: answer.body });
    }
    return graphOk({ responses });
  };
}
