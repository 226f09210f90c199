import type { Bridge } from '../../ipc/contract.ts';

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly hipstatus: Bridge;
  }
}

export const bridge: Bridge = window.hipstatus;
