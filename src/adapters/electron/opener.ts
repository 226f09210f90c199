import { shell } from 'electron';
import { AppError } from '../../core/appError.ts';
import type { Opener } from '../../ports/prompter.ts';

/** Opens web addresses in the person's browser; other schemes could start programs and are refused. */
export const electronOpener: Opener = {
  async openAddress(url) {
    if (!URL.canParse(url) || !['https:', 'http:'].includes(new URL(url).protocol)) {
      throw new AppError('invalidInput', 'Only web addresses can be opened.');
    }
    try {
      await shell.openExternal(url);
    } catch (cause) {
      throw new AppError('unavailable', 'No browser could be opened.', { cause, reason: 'noBrowser' });
    }
  },
};

/** Shows a file, such as the log, in the program that the system has for it. */
export async function openFile(path: string): Promise<void> {
  const failure = await shell.openPath(path);
  if (failure !== '') throw new AppError('unavailable', `${path} could not be opened: ${failure}`);
}
