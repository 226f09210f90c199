import { AppError, asAppError } from '../../core/appError.ts';
import type { Logger } from '../../ports/logger.ts';
import { contract, type Envelope, type InvokeName, type Request, type Response } from '../ipc/contract.ts';

/** What is needed of Electron's `IpcMainInvokeEvent`. */
export interface InvokeEvent {
  readonly sender: { readonly id: number; readonly mainFrame: unknown };
  /** Null when the frame has gone or navigated meanwhile. */
  readonly senderFrame: { readonly url: string } | null;
}

/** What is needed of Electron's `ipcMain`. */
export interface IpcMain {
  handle(channel: string, listener: (event: InvokeEvent, request: unknown) => Promise<unknown>): void;
}

/** One function an invoke channel of one kind of window. `Owner` is what belongs to the window that asks. */
export type IpcHandlers<Owner, Names extends InvokeName> = {
  readonly [Name in Names]: (owner: Owner, request: Request<Name>) => Promise<Response<Name>> | Response<Name>;
};

export interface IpcHostDeps<Owner, Names extends InvokeName> {
  readonly ipcMain: IpcMain;
  /** Whose window it is, by its `webContents.id`; undefined for a window that is not ours. */
  readonly ownerOf: (webContentsId: number) => Owner | undefined;
  /** The one page these windows show. */
  readonly pageUrl: string;
  readonly handlers: IpcHandlers<Owner, Names>;
  readonly logger: Logger;
}

const refusal = (error: AppError): Envelope<never> => ({
  ok: false,
  error: { code: error.code, message: error.message },
});

/** One of our windows, its top frame, showing our page. */
function senderOf<Owner>(
  event: InvokeEvent,
  { ownerOf, pageUrl }: Pick<IpcHostDeps<Owner, InvokeName>, 'ownerOf' | 'pageUrl'>,
): Owner {
  const { sender, senderFrame } = event;
  const owner = ownerOf(sender.id);
  const isOurPage = senderFrame !== null && senderFrame === sender.mainFrame && senderFrame.url === pageUrl;
  if (owner === undefined || !isOurPage) throw new AppError('forbidden', 'This window may not ask.');
  return owner;
}

/** Answers every invoke channel that has a handler: checks the sender, parses, answers with an envelope, never rejects. */
export function hostIpc<Owner, Names extends InvokeName>(deps: IpcHostDeps<Owner, Names>): void {
  const answer = async (name: Names, event: InvokeEvent, request: unknown): Promise<Envelope<unknown>> => {
    try {
      const owner = senderOf(event, deps);
      const parsed = contract[name].request.safeParse(request);
      if (!parsed.success) throw new AppError('invalidInput', 'The window asked for something that is not understood.');
      // The types of `name`, its request and its handler belong together; TypeScript can't follow that over a union.
      const handle = deps.handlers[name] as (owner: Owner, request: unknown) => unknown;
      const value = await handle(owner, parsed.data);
      return { ok: true, value: contract[name].response.parse(value) };
    } catch (thrown) {
      const error = asAppError(thrown);
      deps.logger.warn('A window was refused', { channel: contract[name].channel, code: error.code });
      return refusal(error);
    }
  };
  for (const name of Object.keys(deps.handlers) as Names[]) {
    deps.ipcMain.handle(contract[name].channel, (event, request) => answer(name, event, request));
  }
}
