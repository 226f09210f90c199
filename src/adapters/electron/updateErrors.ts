import { AppError } from '../../core/appError.ts';
import { networkReason } from '../../core/networkErrors.ts';
import type { UpdateFault } from '../../core/updateState.ts';
import { codeOfStatus, networkError, serviceMessage } from '../http.ts';

const SERVICE = 'the place of new versions';

const fault = (code: AppError['code'], reason: UpdateFault, message: string, cause?: unknown): AppError =>
  new AppError(code, message, { reason, cause });

/** A feed, or a redirect of its, that leads away from https. */
export const insecureError = (): AppError =>
  fault('forbidden', 'insecure', 'The update feed leads to an address without https. Tell your administrators.');

export const stalledError = (): AppError =>
  fault('timeout', 'stalled', 'The new version did not come in time. HipStatus tries again by itself.');

export const notInstalledError = (cause?: unknown): AppError =>
  fault('unavailable', 'notInstalled', 'The new version could not be put in place. Install it by hand.', cause);

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

/** electron-updater's own codes, and the disk's. */
const OWN: Readonly<Record<string, () => AppError>> = {
  ERR_UPDATER_CHANNEL_FILE_NOT_FOUND: () =>
    fault(
      'notFound',
      'noFeedFile',
      'The update feed has no list of versions for this system. Tell your administrators.',
    ),
  ERR_CHECKSUM_MISMATCH: () =>
    fault('badResponse', 'checksum', 'The new version is not what the update feed promises, so it is not installed.'),
  ERR_UPDATER_INVALID_SIGNATURE: () =>
    fault(
      'forbidden',
      'signature',
      'The new version is not signed by the makers of HipStatus, so it is not installed.',
    ),
  ENOSPC: () => fault('unavailable', 'diskFull', 'The disk is full. Free some space and look for updates again.'),
  EDQUOT: () => fault('unavailable', 'diskFull', 'The disk is full. Free some space and look for updates again.'),
  EACCES: () => fault('forbidden', 'noAccess', 'HipStatus may not write where new versions are kept.'),
  EPERM: () => fault('forbidden', 'noAccess', 'HipStatus may not write where new versions are kept.'),
  EROFS: () => fault('forbidden', 'noAccess', 'HipStatus may not write where new versions are kept.'),
};

/**
 * What electron-updater threw, as an error of ours: by its code, the network's, or the status of the last answer. Its message is not
 * taken over (it has addresses and headers), and is no cause either.
 * @param status of the last answer; 0 for none
 */
export function updateError(thrown: unknown, status: number): AppError {
  if (thrown instanceof AppError) return thrown;
  const own = OWN[codeOf(thrown)];
  if (own !== undefined) return own();
  if (networkReason(thrown) !== null) return networkError(SERVICE, thrown);
  if (status >= 400) {
    const code = codeOfStatus(status);
    return new AppError(code, serviceMessage(SERVICE, code));
  }
  return fault('badResponse', 'feed', 'The list of versions can not be understood. Tell your administrators.');
}
