// A process of the hub's bench that holds the sockets of one server: both servers' would be more than one process may have open.
import { Sockets } from './fanOut.ts';
import type { Answer, Ask } from './protocol.ts';

const sockets = new Sockets();
let measured: ReturnType<Sockets['expect']> = () => Promise.reject(new Error('Nothing is awaited.'));

async function answer(ask: Ask): Promise<Answer> {
  switch (ask.what) {
    case 'open':
      await sockets.open(ask.url, ask.secret, ask.count);
      return { what: 'done' };
    case 'expect':
      measured = sockets.expect(ask.changes);
      return { what: 'done' };
    case 'measured':
      return { what: 'fanOut', ...(await measured(ask.startedAt)) };
    default:
      throw new Error(`These are the clients: ${ask.what} is for a server.`);
  }
}

process.on('message', (ask: Ask) => void answer(ask).then((said) => process.send?.(said)));
process.on('disconnect', () => process.exit(0));
process.send?.({ what: 'listening', url: '', secret: '' } satisfies Answer);
