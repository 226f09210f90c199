import { contextBridge, ipcRenderer } from 'electron';
import type { ChannelInfo } from '../ipc/contract.ts';
import { makeBridge } from './bridge.ts';

/** Filled in by the build from `desktop/ipc/contract.ts` (electron.vite.config.ts), so that no schema is shipped here. */
declare const IPC_CHANNELS: readonly ChannelInfo[];

contextBridge.exposeInMainWorld('hipstatus', makeBridge(IPC_CHANNELS, ipcRenderer));
