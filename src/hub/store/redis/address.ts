import type { RedisOptions } from 'ioredis';
import { AppError } from '../../../core/appError.ts';

/** Where Redis is, as `HUB_REDIS_URL` says it. */
export type RedisAddress = Readonly<Pick<RedisOptions, 'host' | 'port' | 'username' | 'password' | 'db' | 'tls'>>;

const FORM = 'HUB_REDIS_URL must look like redis://user:password@host:6379/0, or rediss:// for TLS.';

/**
 * Reads `redis://[user[:password]@]host[:port][/db]`, or `rediss://` for TLS. Special letters of user and password are
 * percent-encoded. ioredis reads such addresses too, but takes any of its options from the query.
 * @param ca the certificate authority (PEM) where the system does not know it; only for `rediss://`
 * Throws `AppError('invalidInput')`, without the address, which holds a password.
 */
export function redisAddress(text: string, ca?: string): RedisAddress {
  const url = parsed(text);
  const db = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1];
  if (!/^rediss?:$/.test(url.protocol) || url.hostname === '' || db === undefined || url.search !== '') {
    throw new AppError('invalidInput', FORM);
  }
  const [username, password] = [decoded(url.username), decoded(url.password)];
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    db: Number(db),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(url.protocol === 'rediss:' ? { tls: ca === undefined ? {} : { ca } } : {}),
  };
}

function parsed(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // The cause names the address.
    throw new AppError('invalidInput', FORM);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AppError('invalidInput', `${FORM} A % in user or password is written %25.`);
  }
}
