/** The proxy that the environment names for an address. */
export interface HttpProxy {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  /** Null where the proxy wants no sign-in. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
  /** The variable that named it. */
  readonly variable: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An error with one of Chromium's names as its code, so that the app and the command line speak of the same (`networkReason`). */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** curl's order: the lower case first; without one for https, the one for http serves (as undici has it), then that for all. */
const VARIABLES = {
  'http:': ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
  'https:': ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
} as const;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

function parseProxy(value: string, variable: string): HttpProxy {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(written)) throw new ProxyError('ERR_NO_SUPPORTED_PROXIES');
  const { protocol, hostname, port, username, password } = new URL(written);
  if (protocol !== 'http:' && protocol !== 'https:') throw new ProxyError('ERR_NO_SUPPORTED_PROXIES');
  const isSecure = protocol === 'https:';
  return {
    isSecure,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    credentials: username === '' ? null : { username: decoded(username), password: decoded(password) },
    variable,
  };
}

/** Whether NO_PROXY names this host: itself, a domain above it, with or without a port, or all (`*`). */
function isExempt({ hostname, port, protocol }: URL, noProxy: string): boolean {
  if (noProxy.trim() === '*') return true;
  const host = hostname.toLowerCase();
  const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return noProxy
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = entry, only] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const domain = name.replace(/^\*?\./, '').toLowerCase();
      return (only === undefined || only === number) && (host === domain || host.endsWith(`.${domain}`));
    });
}

/**
 * The proxy for an address by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; null for none.
 * Throws `ProxyError` for a value that names no HTTP proxy.
 */
export function proxyFor(address: string, env: Environment): HttpProxy | null {
  const url = new URL(address);
  const names = url.protocol === 'https:' ? VARIABLES['https:'] : VARIABLES['http:'];
  const variable = names.find((name) => env[name] !== undefined && env[name] !== '');
  if (variable === undefined || isExempt(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return null;
  return parseProxy((env[variable] ?? '').trim(), variable);
}

/** User name and password that the environment has for this proxy; null for none. For proxies that come from elsewhere. */
export function proxyCredentials(host: string, port: number, env: Environment): HttpProxy['credentials'] {
  for (const variable of VARIABLES['https:']) {
    const value = env[variable] ?? '';
    if (value === '') continue;
    try {
      const proxy = parseProxy(value.trim(), variable);
      if (proxy.host === host && proxy.port === port) return proxy.credentials;
    } catch {
      // Not ours to use.
    }
  }
  return null;
}
