/** One server-sent event. */
export interface StreamEvent {
  readonly id: number;
  readonly event: string;
  readonly data: unknown;
}

/** A plain reader of server-sent events, after the WHATWG's standard. */
export class EventStream {
  readonly #abort = new AbortController();
  readonly #waiting: StreamEvent[] = [];
  #wake = (): void => {};
  #ended = false;

  /** Resolves when the server has said `ready` or `reset` first; what came so far is kept. */
  static async open(url: string, token: string, headers: Record<string, string> = {}): Promise<EventStream> {
    const stream = new EventStream();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      signal: stream.#abort.signal,
    });
    if (response.status !== 200 || response.body === null) throw new Error(`The stream answered ${response.status}.`);
    void stream.#read(response.body).catch(() => {});
    await stream.next('ready');
    return stream;
  }

  /** The next event of that name; others before it are passed over. */
  async next(event: string): Promise<StreamEvent> {
    for (;;) {
      const found = this.#waiting.shift();
      if (found?.event === event) return found;
      if (found !== undefined) continue;
      if (this.#ended) throw new Error(`The stream ended without ${event}.`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    try {
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          this.#take(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
    } finally {
      this.#ended = true;
      this.#wake();
    }
  }

  #take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.split(':')[0] ?? '', line.replace(/^\w+: ?/, '')]));
    const data = fields.get('data');
    if (data === undefined) return;
    this.#waiting.push({
      id: Number(fields.get('id') ?? Number.NaN),
      event: fields.get('event') ?? 'message',
      data: JSON.parse(data),
    });
    this.#wake();
  }
}
