import type { Bridge, ChannelInfo } from '../ipc/contract.ts';

/** The part of Electron's `ipcRenderer` that the bridge uses. */
export interface IpcRenderer {
  invoke(channel: string, request: unknown): Promise<unknown>;
  on(channel: string, listener: (event: unknown, payload: unknown) => void): unknown;
  removeListener(channel: string, listener: (event: unknown, payload: unknown) => void): unknown;
}

/**
 * One function a channel. The page gets neither `ipcRenderer` nor Electron's event objects, and can name no other channel.
 * Both ends are typed by the same contract, and main parses what arrives; so nothing is parsed here.
 */
export function makeBridge(channels: readonly ChannelInfo[], ipc: IpcRenderer): Bridge {
  const functions = channels.map(({ name, direction, channel }) => {
    const ask = (request: unknown) => ipc.invoke(channel, request);
    const listen = (listener: (payload: unknown) => void) => {
      const onEvent = (_event: unknown, payload: unknown): void => listener(payload);
      ipc.on(channel, onEvent);
      return () => {
        ipc.removeListener(channel, onEvent);
      };
    };
    return [name, direction === 'invoke' ? ask : listen];
  });
  return Object.fromEntries(functions) as Bridge;
}
