import type { Settings } from '../../core/settings.ts';
import type { UpdateState } from '../../core/updateState.ts';
import type { Updates } from '../../engine/updates.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';
import type { UpdateAction, UpdateView } from '../ipc/updateView.ts';

/** What a window shows of updates. @param version the one that runs */
export const updateViewOf = (
  state: UpdateState,
  { updates: { mode, channel } }: Pick<Settings, 'updates'>,
  locked: ReadonlySet<string>,
  version: string,
): UpdateView => ({
  version,
  state,
  mode,
  channel,
  locked: { mode: locked.has('updates.mode'), channel: locked.has('updates.channel') },
});

/** Does what the person asks for there. Throws as `SettingsStore.update` does. */
export async function actOnUpdates(
  action: UpdateAction,
  { updates, settings }: { readonly updates: Pick<Updates, 'look' | 'install'>; readonly settings: SettingsStore },
): Promise<void> {
  // Only what is changed: the rest goes on following the organisation.
  const set = (change: Partial<Settings['updates']>) => settings.update({ updates: change as Settings['updates'] });
  switch (action.kind) {
    case 'look':
      return updates.look();
    case 'install':
      return updates.install();
    case 'mode':
      return set({ mode: action.mode });
    case 'channel':
      return set({ channel: action.channel });
  }
}
