import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { contract, type Envelope, type PromptInvoke } from '../../../src/desktop/ipc/contract.ts';
import { hostIpc, type InvokeEvent, type IpcHandlers } from '../../../src/desktop/main/ipcHost.ts';
import type { Logger } from '../../../src/ports/logger.ts';

const PAGE = 'app://hipstatus/prompt/index.html';
const frame = { url: PAGE };

function host(overrides: Partial<IpcHandlers<string, PromptInvoke>> = {}) {
  const calls: unknown[] = [];
  const warnings: unknown[] = [];
  const listeners = new Map<string, (event: InvokeEvent, request: unknown) => Promise<unknown>>();
  const note = (owner: string, request: unknown) => {
    calls.push([owner, request]);
    return null;
  };
  const logger: Logger = {
    debug: () => {},
    info: () => {},
    warn: (_message, fields) => warnings.push(fields),
    error: () => {},
    named: () => logger,
  };
  hostIpc<string, PromptInvoke>({
    ipcMain: { handle: (channel, listener) => listeners.set(channel, listener) },
    ownerOf: (id) => (id === 7 ? 'our window' : undefined),
    pageUrl: PAGE,
    logger,
    handlers: {
      view: () => {
        throw new AppError('conflict', 'Not now.');
      },
      submit: note,
      act: note,
      cancel: note,
      fit: note,
      ...overrides,
    },
  });
  const ask = async (channel: string, request: unknown, event: Partial<InvokeEvent> = {}) => {
    const whole = { sender: { id: 7, mainFrame: frame }, senderFrame: frame, ...event };
    return (await listeners.get(channel)?.(whole, request)) as Envelope<unknown>;
  };
  return { ask, calls, warnings, channels: [...listeners.keys()] };
}

describe('the IPC host', () => {
  it('answers every invoke channel of its kind of window and no other', () => {
    const invokes = Object.values(contract).filter(({ direction }) => direction === 'invoke');
    const own = invokes.map(({ channel }) => channel).filter((channel) => channel.startsWith('prompt:'));
    expect(host().channels).toEqual(own);
    expect(own.length).toBeGreaterThan(4);
  });

  it('takes a well-formed request from the top frame of one of our windows', async () => {
    const { ask, calls } = host();
    const answer = { value: 'typed', username: '', password: '' };
    expect(await ask('prompt:submit', answer)).toEqual({ ok: true, value: null });
    expect(calls).toEqual([['our window', answer]]);
  });

  it.each<[string, Partial<InvokeEvent>]>([
    ['a window that is not ours', { sender: { id: 8, mainFrame: frame } }],
    ['a frame inside the page', { senderFrame: { url: PAGE } }],
    ['a frame that is gone', { senderFrame: null }],
    ['another page', foreign('https://example.com/')],
    ['another page of ours', foreign('app://hipstatus/prompt/other.html')],
    ['a page that only begins alike', foreign(`${PAGE}.example.com`)],
  ])('refuses %s', async (_name, event) => {
    const { ask, calls, warnings } = host();
    expect(await ask('prompt:cancel', null, event)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(calls).toEqual([]);
    expect(warnings).toEqual([{ channel: 'prompt:cancel', code: 'forbidden' }]);
  });

  it.each<[string, unknown]>([
    ['prompt:submit', { value: 1, username: '', password: '' }],
    ['prompt:submit', { 'no key': 'y' }],
    ['prompt:submit', Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`field${index}`, '']))],
    ['prompt:submit', { value: 'x'.repeat(8_193), username: '', password: '' }],
    ['prompt:act', 'launchMissiles'],
    ['prompt:act', 'link:https://example.com'],
    ['prompt:fit', -1],
    ['prompt:fit', 'high'],
    ['prompt:cancel', undefined],
  ])('refuses a request to %s that does not parse', async (channel, request) => {
    const { ask, calls } = host();
    expect(await ask(channel, request)).toMatchObject({ ok: false, error: { code: 'invalidInput' } });
    expect(calls).toEqual([]);
  });

  it('answers with the code and message of what went wrong', async () => {
    expect(await host().ask('prompt:view', null)).toEqual({
      ok: false,
      error: { code: 'conflict', message: 'Not now.' },
    });
  });

  it('tells a window nothing of a defect', async () => {
    const { ask } = host({
      fit: () => {
        throw new Error('secret inside');
      },
    });
    const answer = await ask('prompt:fit', 200);
    expect(answer.ok).toBe(false);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

function foreign(url: string): Partial<InvokeEvent> {
  const other = { url };
  return { sender: { id: 7, mainFrame: other }, senderFrame: other };
}
