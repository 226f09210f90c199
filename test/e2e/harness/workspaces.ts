import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One Slack address that leads each token to its own workspace, as slack.com does. */
export interface Workspaces {
  /** The Web API's base, with `/api/`. */
  readonly apiUrl: string;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** The token of a request: Slack's SDK sends it in the header. */
const tokenOf = ({ headers }: IncomingMessage): string => headers.authorization?.replace(/^Bearer /, '') ?? '';

/**
 * @param apiUrlOf the workspace of a token, by its Web API's base
 * @param otherwise where unknown tokens go, to be refused there
 */
export async function openWorkspaces(apiUrlOf: ReadonlyMap<string, string>, otherwise: string): Promise<Workspaces> {
  const server = createServer((request, response) => {
    const base = apiUrlOf.get(tokenOf(request)) ?? otherwise;
    const { 'content-type': type = 'application/json', authorization = '' } = request.headers;
    void bodyOf(request)
      .then((body) =>
        fetch(new URL(request.url?.replace(/^\/api\//, '') ?? '', base), {
          method: request.method ?? 'POST',
          headers: { 'content-type': type, authorization },
          ...(body === '' ? {} : { body }),
        }),
      )
      .then(async (answer) => {
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
        response.end(await answer.text());
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
