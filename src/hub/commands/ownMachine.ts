import { BlockList, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { HubSettings } from '../settings.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** A page in a browser on this machine can send here too, with any of these; so can a proxy, for anybody. */
const NOT_DIRECT = ['origin', 'referer', 'sec-fetch-site', 'forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

/** Whether a request was made on the hub's own machine, by a program and not by a page or a proxy. */
export function isOwnMachine(
  request: FastifyRequest,
  { HUB_BEHIND_PROXY }: Pick<HubSettings, 'HUB_BEHIND_PROXY'>,
): boolean {
  if (HUB_BEHIND_PROXY || NOT_DIRECT.some((name) => request.headers[name] !== undefined)) return false;
  const address = request.socket.remoteAddress ?? '';
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
