import { AppError } from '../../../core/appError.ts';
import { errorOfResponse, serviceMessage } from '../../http.ts';
import { errorAnswer } from './schema.ts';

export const SERVICE = 'The HipStatus hub';

/** The engine looks again after this long; milliseconds. */
const SOON = 1_000;

const NEW_TOKEN = 'Ask whoever runs the hub for a new one (hipstatus hub token create --email …) and enter it.';

const tokenRefused = (): AppError =>
  new AppError(
    'unauthorized',
    `The HipStatus hub did not accept the token: it was revoked or has run out. ${NEW_TOKEN}`,
    {
      reason: 'tokenRefused',
    },
  );

/** The token lacks the scope `publish`. */
export const mayNotPublish = (): AppError =>
  new AppError(
    'forbidden',
    'This token may not set your presence in the HipStatus hub. Ask whoever runs the hub for one with the scope "publish" ' +
      '(hipstatus hub token create --email …) and enter it.',
    { reason: 'missing_scope' },
  );

/** The token is good, and no person goes with it. */
export const nobodys = (): AppError =>
  new AppError(
    'notFound',
    'This token belongs to nobody whom the HipStatus hub knows. Ask whoever runs the hub for one that is yours ' +
      '(hipstatus hub token create --email …) and enter it.',
    { reason: 'nobodysToken' },
  );

const noHub = (): AppError =>
  new AppError('notFound', 'There is no HipStatus hub at this address. Enter the right one.', { reason: 'noHub' });

/** Somebody has set something between our look and our word. */
const changed = (): AppError =>
  new AppError('conflict', 'Your presence in the HipStatus hub changed in the meantime. HipStatus looks again.', {
    reason: 'changed',
    retryAfter: SOON,
  });

export const offline = (): AppError =>
  new AppError('conflict', 'You are offline in the HipStatus hub, so nothing was changed.', { reason: 'offline' });

/** Another server answers in the hub's place, such as a network's sign-in page. */
export const noStream = (): AppError =>
  new AppError('badResponse', serviceMessage(SERVICE, 'badResponse'), { reason: 'noStream' });

/**
 * The error of an answer that is not a success, by its status and whether the hub itself gave it. Nothing else of the body is used.
 * @param isOfPerson whether it is about the token's person: then the hub does not know them, and otherwise not the address
 */
export async function hubError(response: Response, now: number, isOfPerson: boolean): Promise<AppError> {
  const ofHub = await isOfHub(response);
  // 409: another write came in between at the very same moment.
  if (response.status === 412 || response.status === 409) return changed();
  const error = errorOfResponse(SERVICE, response, now);
  if (error.code === 'unauthorized') return tokenRefused();
  // A proxy in between has its own reasons.
  if (error.code === 'forbidden' && ofHub) return mayNotPublish();
  if (error.code === 'notFound') return ofHub && isOfPerson ? nobodys() : noHub();
  return error;
}

/** Whether the hub itself answered. */
async function isOfHub(response: Response): Promise<boolean> {
  try {
    return errorAnswer.safeParse(await response.json()).success;
  } catch {
    // A proxy's page, or cut off: the status says enough.
    return false;
  }
}
