/** One part of a multipart body. */
export interface Part {
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly content: Buffer;
}

/** A value that a header gives after its first one, with or without quotation marks. */
export function parameter(header: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}\\*?=(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(header);
  return found?.[1] ?? found?.[2] ?? null;
}

/**
 * The parts of a multipart body (RFC 2046), read as generously as HipChat read them: lines may end in LF alone and the
 * last boundary may lack its two hyphens, as hipchat-go sends them. Null when there is no part.
 */
export function readParts(contentType: string, body: Buffer): Part[] | null {
  const boundary = parameter(contentType, 'boundary');
  if (boundary === null || boundary === '') return null;
  const escaped = boundary.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // Latin 1 keeps one character for one byte.
  const pieces = `\n${body.toString('latin1')}`.split(new RegExp(`\\r?\\n--${escaped}(?:--)?[ \\t]*(?=\\r?\\n|$)`));
  const parts = pieces.slice(1).flatMap((piece) => partOf(piece) ?? []);
  return parts.length > 0 ? parts : null;
}

function partOf(piece: string): Part | null {
  const found = /^\r?\n(.*?)\r?\n\r?\n(.*)$/s.exec(piece);
  if (!found) return null;
  const headers = new Map<string, string>();
  for (const line of (found[1] ?? '').split(/\r?\n/)) {
    const [name = '', ...value] = line.split(':');
    headers.set(name.trim().toLowerCase(), value.join(':').trim());
  }
  const bytes = Buffer.from(found[2] ?? '', 'latin1');
  const isBase64 = headers.get('content-transfer-encoding')?.toLowerCase() === 'base64';
  return { headers, content: isBase64 ? Buffer.from(bytes.toString('latin1'), 'base64') : bytes };
}
