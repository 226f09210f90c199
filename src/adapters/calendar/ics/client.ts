import { isFilePath } from '../../../core/answers.ts';
import { AppError } from '../../../core/appError.ts';
import { bodyError, call, errorOfResponse, type HttpDeps } from '../../http.ts';
import { IcsFile, MOST_BYTES } from './file.ts';

const SERVICE = 'The published calendar';

/** Where a calendar is published, or its path on this computer. The address is a secret: whoever knows it can read the calendar. */
export interface IcsAddress {
  readonly url: string;
  /** For HTTP Basic; null for none. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

/** What came, or that nothing is new. */
export type IcsAnswer = { readonly kind: 'unchanged' } | { readonly kind: 'changed'; readonly text: string };

interface Validators {
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** The address as it is called: `webcal:` is what calendars write for `https:`. */
function addressOf({ url: written, credentials }: IcsAddress): URL {
  const invalid = (message: string) => new AppError('invalidInput', message, { reason: 'address' });
  let url: URL;
  try {
    url = new URL(written.trim().replace(/^webcals?:/i, 'https:'));
  } catch {
    throw invalid('The address of the published calendar is not a web address. Copy it again and update it.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw invalid('The address of the published calendar must begin with https:// or webcal://.');
  }
  if (credentials !== null && url.protocol !== 'https:') {
    throw invalid('A password is only sent to addresses that begin with https://.');
  }
  return url;
}

const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;

/** The system's word for what went wrong (`ENOTFOUND`), without the message: that may name the address. */
function causeCode(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? causeCode(error.cause) : '';
  if (inner !== '') return inner;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function withoutAddress(error: AppError): AppError {
  const code = causeCode(error);
  return new AppError(error.code, error.message, {
    ...(error.retryAfter === null ? {} : { retryAfter: error.retryAfter }),
    ...(error.reason === null ? {} : { reason: error.reason }),
    ...(code === '' ? {} : { cause: new Error(code) }),
  });
}

/** The error of a status, in words that fit a published calendar. */
function refusal(response: Response, hasPassword: boolean, now: number): AppError {
  const error = errorOfResponse(SERVICE, response, now);
  switch (error.code) {
    case 'notFound':
      return new AppError('notFound', 'The published calendar is gone. Publish it again and update its address.');
    case 'unauthorized':
    case 'forbidden': {
      const message = hasPassword
        ? 'The published calendar did not accept the user name and password. Update the password.'
        : 'The published calendar wants a sign-in. Publish it again and update its address.';
      return new AppError(error.code, message);
    }
    default:
      return error;
  }
}

/** The body as text, up to the limit. */
async function textOf(response: Response): Promise<string> {
  const tooLarge = () =>
    new AppError('badResponse', 'The published calendar is larger than 20 MB. Publish less of it.', {
      reason: 'tooLarge',
    });
  if (Number(response.headers.get('content-length') ?? 0) > MOST_BYTES) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const decoder = new TextDecoder('utf-8');
  const parts: string[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const chunk = await reader?.read();
      if (chunk?.value === undefined) return [...parts, decoder.decode()].join('');
      size += chunk.value.byteLength;
      if (size > MOST_BYTES) throw tooLarge();
      parts.push(decoder.decode(chunk.value, { stream: true }));
    }
  } catch (error) {
    await reader?.cancel().catch(() => undefined);
    if (error instanceof AppError) throw error;
    throw bodyError(SERVICE, error);
  }
}

/** Reads one published calendar, or one in a file; asks only for what has changed since it was last read (RFC 9110 section 13.1). */
export class IcsClient {
  readonly #deps: HttpDeps;
  readonly #file = new IcsFile();
  #validators: Validators | null = null;

  constructor(deps: HttpDeps) {
    this.#deps = deps;
  }

  /** Throws `AppError`; none of them holds the address. */
  async read(address: IcsAddress, signal: AbortSignal): Promise<IcsAnswer> {
    if (isFilePath(address.url)) return this.#file.read(address.url, signal);
    const url = addressOf(address).href;
    const known = this.#validators?.url === url ? this.#validators : null;
    const headers: Record<string, string> = { accept: 'text/calendar, text/plain;q=0.5', 'cache-control': 'no-cache' };
    if (address.credentials !== null) {
      headers['authorization'] = basic(address.credentials.username, address.credentials.password);
    }
    if (known?.etag) headers['if-none-match'] = known.etag;
    if (known?.lastModified) headers['if-modified-since'] = known.lastModified;
    try {
      const response = await call(this.#deps, SERVICE, url, { headers, signal });
      if (response.status === 304 && known !== null) return { kind: 'unchanged' };
      if (!response.ok) {
        await response.body?.cancel();
        throw refusal(response, address.credentials !== null, this.#deps.now());
      }
      const text = await textOf(response);
      const etag = response.headers.get('etag');
      const lastModified = response.headers.get('last-modified');
      this.#validators = { url, etag, lastModified };
      return { kind: 'changed', text };
    } catch (error) {
      throw error instanceof AppError ? withoutAddress(error) : error;
    }
  }

  /** The next read asks for everything. */
  forget(): void {
    this.#validators = null;
    this.#file.forget();
  }
}
