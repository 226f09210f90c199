import { AppError } from '../../../core/appError.ts';
import { call, errorOfResponse, type HttpDeps } from '../../http.ts';
import type { WebhookBody } from './schema.ts';
import { toHeaders, usableAddress } from './transform.ts';

const SERVICE = 'The webhook';

export interface WebhookDeps extends HttpDeps {
  /** Where to. Often a secret itself, so it is asked for at each call and is in no error. */
  readonly address: () => Promise<string>;
  /** What it is signed with; empty for no signature. */
  readonly secret: () => Promise<string>;
  /** A new id each time, such as a UUID. */
  readonly newId: () => string;
}

const badAddress = (): AppError =>
  new AppError(
    'invalidInput',
    'The webhook needs an address that begins with https://, or with http:// inside your own network, without a password in it.',
    { reason: 'badAddress' },
  );

export const cancelled = (): AppError => new AppError('cancelled', 'The call to the webhook was given up.');

type Words = Partial<Record<AppError['code'], string>>;

const WORDS: Words = {
  unauthorized: 'The webhook did not accept the signature. Enter the same secret here and at the receiver.',
  forbidden: 'The webhook is not allowed there. Check its address and secret.',
  notFound: 'Nobody listens at the address of the webhook any more. Enter the right one.',
  badResponse: 'The webhook was sent on to another address. Enter the final one.',
};

/** Sends one word. Throws `AppError` only. */
export function webhookClient(deps: WebhookDeps) {
  /** The id of the last word, which stays when the same word is sent again because nobody knows if it arrived. */
  let last = { body: '', id: '' };

  return {
    async send(content: WebhookBody, signal: AbortSignal): Promise<void> {
      if (signal.aborted) throw cancelled();
      const address = usableAddress(await deps.address());
      if (address === null) throw badAddress();
      const body = JSON.stringify(content);
      if (body !== last.body) last = { body, id: `msg_${deps.newId()}` };
      const response = await call(deps, SERVICE, address.href, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...toHeaders(last.id, deps.now(), body, await deps.secret()),
        },
        body,
        // It must not be carried to an address that nobody has judged.
        redirect: 'manual',
        signal,
      });
      await response.body?.cancel();
      if (!response.ok) throw webhookError(response, deps.now());
      last = { body: '', id: '' };
    },
  };
}

export function webhookError(response: Response, now: number): AppError {
  const error = errorOfResponse(SERVICE, response, now);
  const message = WORDS[error.code];
  return message === undefined ? error : new AppError(error.code, message);
}
