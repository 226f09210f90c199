// Clients of the hub that behave as no library does: bare connections, and sockets that are watched.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { HubWorld } from './hub-world.ts';

export const API = '/api/v1';
export const OUTLOOK = '/plugins/com.mattermost.outlook-presence/api/v1';

/** What is to be closed after a test. */
export type Opened = { close(): unknown }[];

/** A bare connection that keeps what comes. */
export async function raw(
  opened: Opened,
  { url }: HubWorld,
  text = '',
): Promise<{ socket: Socket; ended: Promise<string> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  opened.push({ close: () => socket.destroy() });
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  // A connection that is cut may be reset.
  socket.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return { socket, ended };
}

export interface Follower {
  readonly socket: WebSocket;
  readonly messages: { readonly kind: string; readonly id: number }[];
}

export async function follow(
  opened: Opened,
  { url }: HubWorld,
  token: string,
  options: { autoPong?: boolean } = {},
  path = 'socket',
): Promise<Follower> {
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${url.replace('http', 'ws')}${API}/${path}`, { headers, ...options });
  opened.push({ close: () => socket.terminate() });
  const messages: Follower['messages'] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await once(socket, 'message');
  return { socket, messages };
}

/** An answer in short. */
export const answered = async (answer: Promise<Response>) => {
  const response = await answer;
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, body: (await response.json()) as unknown };
};

export const UPGRADE = [
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
];

/** A request as it goes over the wire. */
export const requestOf = (path: string, token: string, ...headers: readonly string[]): string =>
  [`GET ${API}/${path} HTTP/1.1`, 'host: x', `authorization: Bearer ${token}`, ...headers, '\r\n'].join('\r\n');
