import type { ChatProvider } from '../../../ports/chatProvider.ts';
import type { XmppDeps } from './client.ts';
import { XmppSession } from './session.ts';
import { XMPP_CAPABILITIES } from './transform.ts';

/** A person's XMPP account (RFC 6120, 6121). One connection is kept from the first call until `close`. */
export function xmppProvider(account: { readonly id: string; readonly label: string }, deps: XmppDeps): ChatProvider {
  const session = new XmppSession(account.id, deps);
  return {
    accountId: account.id,
    label: account.label,
    capabilities: XMPP_CAPABILITIES,
    read: (signal) => session.read(signal),
    async write({ presence }, basis, signal) {
      if (presence !== undefined) await session.write(presence, basis, signal);
    },
    close: () => session.close(),
  };
}
