import type { ChatDeps } from '../../src/adapters/chat/registry.ts';
import { AppError } from '../../src/core/appError.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/settings.ts';
import type { TokenSignIn } from '../../src/ports/signIn.ts';
import { MemoryClaims } from './memoryStores.ts';

const nobody = (): TokenSignIn => {
  const refuse = () => Promise.reject(new AppError('unauthorized', 'Nobody has signed in.'));
  return { interactive: refuse, deviceCode: refuse, signOut: async () => undefined, accessToken: refuse };
};

/** What the chats' registry needs, where nobody has signed in in a browser. */
export const chatDeps = (
  given: Pick<ChatDeps, 'fetch' | 'now' | 'secrets'> & Partial<Omit<ChatDeps, 'organisation'>>,
  organisation: Partial<Settings['organisation']> = {},
): ChatDeps => ({
  claims: new MemoryClaims(),
  microsoft: nobody,
  google: nobody,
  ...given,
  organisation: { ...DEFAULT_SETTINGS.organisation, ...organisation },
});
