import { randomUUID } from 'node:crypto';
import type { SandboxAnswer } from './http.ts';

const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** A good answer with Graph's content type. */
export function graphOk(body: Record<string, unknown>, headers: Record<string, string> = {}): SandboxAnswer {
  return { status: 200, headers: { 'content-type': JSON_TYPE, ...headers }, body };
}

/** Graph's error shape ("Microsoft Graph error responses and resource types"). */
export function graphError(status: number, code: string, message: string, headers: Record<string, string> = {}) {
  const id = randomUUID();
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': id, 'client-request-id': id };
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: { error: { code, message, innerError } },
  };
}

const GRAPH_APP = '00000003-0000-0000-c000-000000000000';
const SIGN_IN = 'https://login.microsoftonline.com/common/oauth2/authorize';

/** 401 as Graph words it. With `claims` (JSON) it is a claims challenge, which carries them in base64. */
export function graphUnauthorized(message: string, claims?: string): SandboxAnswer {
  const challenge = claims ? `, error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"` : '';
  return graphError(401, 'InvalidAuthenticationToken', message, {
    'www-authenticate': `Bearer realm="", authorization_uri="${SIGN_IN}", client_id="${GRAPH_APP}"${challenge}`,
  });
}

/** The preferences of a request: `outlook.timezone`, `IdType`, `odata.maxpagesize`, with their quotes removed. */
export function preferences(header: string | string[] | undefined): Map<string, string> {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  const found = new Map<string, string>();
  for (const [, name = '', quoted, bare] of text.matchAll(/([\w.-]+)\s*=\s*(?:"([^"]*)"|([^,;\s]+))/g)) {
    found.set(name.toLowerCase(), quoted ?? bare ?? '');
  }
  return found;
}
