import { AppError } from '../../../core/appError.ts';

/** Suffixes under which anybody may have a name: `co.uk`, `com.au`. */
const SHARED_SECOND_LEVEL: ReadonlySet<string> = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'gov',
  'go',
  'net',
  'ne',
  'or',
  'org',
]);

const isIpAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':');

/** The domain that a host shares with its neighbours: `icloud.com` of `caldav.icloud.com`; null when it has none. */
function siteOf(host: string): string | null {
  if (isIpAddress(host)) return null;
  const labels = host.split('.');
  const short = labels.at(-1)?.length === 2 && SHARED_SECOND_LEVEL.has(labels.at(-2) ?? '');
  const length = short ? 3 : 2;
  return labels.length < length ? null : labels.slice(-length).join('.');
}

export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);

/**
 * Whether the password that was given for `agreed` may go to `target`: the same place, or over https another host of the
 * same site, as iCloud's (`caldav.icloud.com` hands on to `p34-caldav.icloud.com`). Hosts on a suffix that many people share
 * (`github.io`) count as one site; there the first host, which has the password anyway, would have to point to the other.
 */
export function mayHavePassword(agreed: URL, target: URL): boolean {
  if (target.origin === agreed.origin) return true;
  if (target.protocol !== 'https:') return false;
  return target.hostname === agreed.hostname || (siteOf(agreed.hostname) ?? 'none') === siteOf(target.hostname);
}

/**
 * The address as it is called; a bare host is taken as https. Throws `AppError('invalidInput')`, for http too: Basic
 * authentication is the password itself.
 */
export function serverUrl(written: string): URL {
  const invalid = (message: string) => new AppError('invalidInput', message, { reason: 'address' });
  const text = written.trim();
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text.replace(/^caldavs?:/i, 'https:') : `https://${text}`);
  } catch {
    throw invalid('The address of the CalDAV server is not a web address. Check it in the preferences.');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw invalid('A password is only sent to addresses that begin with https://. Check the CalDAV server.');
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}
