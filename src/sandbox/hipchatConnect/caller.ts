import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type Journal, redact, redactFields, redactHeaders } from '../journal.ts';

/** A request of the server to an add-on; sent again it is a replay. */
export interface AddonCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sends half of the body and then nothing any more. */
  readonly stall?: boolean;
}

/** What the add-on answered. */
export interface AddonAnswer {
  readonly call: AddonCall;
  /** 0 when there was no answer. */
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The JSON in it; undefined where it is none. */
  readonly json: unknown;
  /** Why there was no answer; a code of Node's, or `late`. */
  readonly failure: string | null;
}

const MAX_ANSWER = 5_000_000;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exchange(
  call: AddonCall,
  patienceMs: number,
  open: Set<ClientRequest>,
): Promise<{ incoming: IncomingMessage; text: string }> {
  return new Promise((resolve, reject) => {
    const send = call.url.startsWith('https:') ? httpsRequest : httpRequest;
    const body = Buffer.from(call.body ?? '');
    const length = call.body === undefined ? {} : { 'content-length': String(body.length) };
    const outgoing = send(call.url, { method: call.method, headers: { ...length, ...call.headers }, agent: false });
    const late = () => outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'late' }));
    const timer = setTimeout(late, patienceMs);
    open.add(outgoing);
    outgoing.once('close', () => {
      clearTimeout(timer);
      open.delete(outgoing);
    });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER) incoming.destroy(Object.assign(new Error('too large'), { code: 'too large' }));
      });
      incoming.once('error', reject);
      incoming.once('end', () => {
        resolve({ incoming, text });
        outgoing.destroy();
      });
    });
    if (call.stall) return void outgoing.write(body.subarray(0, Math.ceil(body.length / 2)));
    outgoing.end(body);
  });
}

/** Makes calls to add-ons; each one is in the journal as one of the service `addon`. */
export class Caller {
  readonly #journal: Journal;
  readonly #now: () => number;
  readonly #open = new Set<ClientRequest>();
  /** How long an add-on may take for an answer. */
  readonly #patienceMs: number;

  constructor(given: { journal: Journal; now: () => number; patienceMs: number }) {
    this.#journal = given.journal;
    this.#now = given.now;
    this.#patienceMs = given.patienceMs;
  }

  /** Ends what is under way. */
  close(): void {
    for (const outgoing of [...this.#open]) outgoing.destroy(Object.assign(new Error('closed'), { code: 'closed' }));
  }

  /** Never rejects. */
  async call(call: AddonCall): Promise<AddonAnswer> {
    const at = this.#now();
    const answer = await exchange(call, this.#patienceMs, this.#open).then(
      ({ incoming, text }): AddonAnswer => {
        const headers = plain(incoming.headers);
        return { call, status: incoming.statusCode ?? 0, headers, text, json: parse(text), failure: null };
      },
      (error: NodeJS.ErrnoException): AddonAnswer => {
        const failure = error.code ?? error.message;
        return { call, status: 0, headers: {}, text: '', json: undefined, failure };
      },
    );
    const { pathname, searchParams } = new URL(call.url);
    this.#journal.record({
      service: 'addon',
      method: call.method,
      path: pathname,
      query: redactFields(searchParams),
      headers: redactHeaders(call.headers),
      body: call.body === undefined ? undefined : (redact(parse(call.body)) ?? call.body),
      status: answer.status,
      responseHeaders: redactHeaders(answer.headers),
      responseBody: answer.text === '' ? undefined : (redact(answer.json) ?? answer.text),
      at,
      injected: false,
    });
    return answer;
  }
}

function plain(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
