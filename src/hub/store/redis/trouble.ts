import { AppError } from '../../../core/appError.ts';
import { type NetworkReason, networkReason } from '../../../core/networkErrors.ts';

/** The first word of what Redis answered, such as `READONLY`; null when it was not Redis that said it. */
export const replyCode = (thrown: unknown): string | null =>
  thrown instanceof Error && thrown.name === 'ReplyError' ? (/^-?([A-Z]+)\b/.exec(thrown.message)?.[1] ?? 'ERR') : null;

/** These pass: Redis starts, fails over, or is busy for a moment. */
const PASSING = new Set(['LOADING', 'READONLY', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN', 'BUSY', 'NOREPLICAS']);

/** Whether asking again may help: the connection was lost, or Redis is not ready yet. */
export function mayPass(thrown: unknown): boolean {
  const code = replyCode(thrown);
  return code === null || PASSING.has(code);
}

const ACCESS = 'Redis refuses the user or password in HUB_REDIS_URL. Correct it and start the hub again.';
const CERTIFICATE =
  "The hub does not trust the certificate of Redis. Check the host in HUB_REDIS_URL, and name your authority's PEM file in NODE_EXTRA_CA_CERTS.";

/** What Redis says, and what to do. https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const SAID: Readonly<Record<string, string>> = {
  WRONGPASS: ACCESS,
  NOAUTH: ACCESS,
  NOPERM:
    'The user of HUB_REDIS_URL may not do all the hub needs. Give it all commands on the keys that begin with {HUB_REDIS_PREFIX}.',
  OOM: 'Redis has no memory left. Give it more (maxmemory), or lower HUB_FEED_LENGTH.',
  MISCONF: 'Redis can not write its data to disk. Look into its log and make room on its disk.',
  READONLY: 'Redis at HUB_REDIS_URL is a replica and takes no changes. Name the primary.',
  LOADING: 'Redis is still reading its data. The hub goes on when it is done.',
  MOVED: 'Redis at HUB_REDIS_URL is a cluster, and another of its nodes has the keys of the hub. Name that node.',
};

const SILENT: Readonly<Partial<Record<NetworkReason, string>>> = {
  dns: 'The host name of Redis was not found. Check HUB_REDIS_URL.',
  refused: 'Nothing answers where Redis should be. Start Redis, or check host and port in HUB_REDIS_URL.',
  certificateAuthority: CERTIFICATE,
  certificateDates:
    'The certificate of Redis has expired, or is not valid yet. Check the clocks, or give Redis a new one.',
  certificateHost: CERTIFICATE,
  tls: 'No TLS connection to Redis could be made. Check whether HUB_REDIS_URL should begin with redis:// or rediss://.',
};

const LOST = 'Redis can not be reached. Check that it runs; the hub goes on by itself when it is back.';
const REFUSED = 'Redis refused a command of the hub. It must be Redis 6 or later; its log may say more.';

/**
 * What was thrown, as an error for people. It has no cause: what ioredis throws carries the command with all its values, among them the
 * password.
 */
export function unavailable(thrown: unknown): AppError {
  const code = replyCode(thrown);
  if (code !== null) return new AppError('unavailable', SAID[code] ?? REFUSED, { reason: code });
  const reason = networkReason(thrown);
  const message = (reason === null ? undefined : SILENT[reason]) ?? LOST;
  return new AppError('unavailable', message, reason === null ? {} : { reason });
}
