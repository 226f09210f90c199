/** One server-sent event: its name, and its data as it came. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** The most of one event; what is longer is none of the hub's. */
const LONGEST = 1_000_000;

/**
 * Reads server-sent events (WHATWG HTML 9.2.6) until the stream ends. `onBytes` is called for all that comes, also for comments that
 * only say that the line still holds. Throws what the stream throws, and for an event without an end.
 * @param signal ends it; a call that has answered long ago may not listen to its own any more
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  onBytes: () => void,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel);
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      text += decoder.decode(value, { stream: true });
      // A carriage return at the end may be half of a line's end.
      const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
      const blocks = whole.replaceAll(/\r\n?/g, '\n').split('\n\n');
      text = (blocks.pop() ?? '') + text.slice(whole.length);
      if (text.length > LONGEST) throw new Error('An event in the stream has no end.');
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

function eventOf(block: string): ServerEvent | null {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [field = '', ...rest] = line.split(':');
    const value = rest.join(':').replace(/^ /, '');
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { name, data: data.join('\n') };
}
