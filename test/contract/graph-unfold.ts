import type { Exchange } from '../../src/sandbox/index.ts';
import { type Contracts, judge } from './specs.ts';

interface Step {
  id: string;
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
}
interface Answer {
  id: string;
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Lists of users are in no contract at hand; what one user is, is. */
const USERS = /^\/v1\.0\/(users|groups\/[^/]+\/transitiveMembers\/microsoft\.graph\.user)$/;

/** What lies within an exchange, as exchanges of its own: the requests of a batch, the users of a list. */
function unfold(exchange: Exchange): readonly Exchange[] {
  if (exchange.service !== 'graph') return [exchange];
  const body = exchange.responseBody as { value?: { id: string }[]; responses?: Answer[] } | undefined;
  if (USERS.test(exchange.path)) {
    const one = { ...exchange, query: {}, body: undefined };
    if (exchange.status !== 200) return [{ ...one, path: '/v1.0/users/anybody' }];
    return (body?.value ?? []).map((user) => ({ ...one, path: `/v1.0/users/${user.id}`, responseBody: user }));
  }
  if (exchange.path !== '/v1.0/$batch') return [exchange];
  const steps = (exchange.body as { requests?: Step[] } | undefined)?.requests ?? [];
  const answers = new Map((body?.responses ?? []).map((answer) => [answer.id, answer]));
  const inner = steps.flatMap(({ id, method, url, headers, body: sent }): Exchange[] => {
    const answer = answers.get(id);
    if (answer === undefined) return [];
    const { pathname, searchParams } = new URL(`/v1.0${url}`, 'http://localhost');
    return [
      {
        ...exchange,
        method,
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: { authorization: exchange.headers['authorization'] ?? '', ...headers },
        body: sent,
        status: answer.status,
        responseHeaders: answer.headers,
        responseBody: answer.body,
      },
    ];
  });
  return [exchange, ...inner];
}

/** `judge` of the exchanges and of what lies within them. */
export const judgeAll = (
  contracts: Contracts | undefined,
  exchanges: readonly Exchange[],
  sides: 'both' | 'answer' = 'both',
): string[] => judge(contracts, exchanges.flatMap(unfold), sides);
