/** What is used of @xmpp/client 0.14, which brings no types (https://github.com/xmppjs/xmpp.js). */
declare module '@xmpp/client' {
  import type { EventEmitter } from 'node:events';

  export interface Element {
    readonly name: string;
    readonly attrs: Record<string, string | undefined>;
    is(name: string, xmlns?: string): boolean;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildren(name: string, xmlns?: string): Element[];
    getChildElements(): Element[];
    text(): string;
    remove(child: Element): Element;
  }

  export interface Parser extends EventEmitter {
    write(text: string): void;
  }

  export interface Xml {
    (name: string, attrs?: Record<string, string>, ...children: (Element | string)[]): Element;
    readonly Parser: new () => Parser;
  }

  export const xml: Xml;

  /** The class of a transport; of its prototype the entity takes all it needs: `Socket`, `socketParameters` and more. */
  export type Transport = abstract new (...args: never[]) => object;

  export interface Entity extends EventEmitter {
    readonly jid: { bare(): { toString(): string }; toString(): string } | null;
    transports: Transport[];
    readonly reconnect: { stop(): void };
    readonly iqCaller: { readonly handlers: Map<string, { reject(error: Error): void }> };
    connect(service: string): Promise<unknown>;
    open(options: { readonly domain: string }): Promise<unknown>;
    send(element: Element): Promise<void>;
    write(text: string): Promise<void>;
  }

  type Authenticate = (credentials: { username: string; password: string }, mechanism: string) => Promise<void>;

  export function client(options: {
    readonly service: string;
    readonly domain: string;
    readonly resource: string;
    readonly timeout: number;
    readonly credentials: (authenticate: Authenticate, mechanisms: readonly string[]) => Promise<void>;
  }): Entity;
}
