import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { checked } from '../messages.ts';
import type { RawBody } from './api.ts';

/** HipChat takes files of up to 50 MB. */
const LONGEST = 50 * 1_048_576;

const fileSchema = z.strictObject({
  /** With its ending: it tells people and clients what the file is. */
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}/\\]+$/u, 'is a file name, without folders'),
  content: z
    .union([z.string(), z.instanceof(Uint8Array)])
    .refine((content) => Buffer.byteLength(content) <= LONGEST, 'has more than 50 MB'),
  /** Default: `application/octet-stream`. */
  type: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*$/, 'is a content type')
    .optional(),
  /** Said beside the file. */
  message: z.string().min(1).max(1_000).optional(),
});

/** A file for a room or a person. A text is sent as UTF-8. */
export type SharedFile = z.input<typeof fileSchema>;

/** `multipart/related` (RFC 2387): what is said of the file as JSON, then the file ("Share file with room"). Throws `invalidInput`. */
export function fileBody(given: SharedFile): RawBody {
  const file = checked(fileSchema, given, 'The file');
  const boundary = `hipstatus-${randomUUID()}`;
  const { name, type = 'application/octet-stream', message, content } = file;
  // RFC 6266: the plain form for all, the other where there is more than ASCII.
  const plain = name.replaceAll(/["%]|[^\x20-\x7e]/g, '_');
  const encoded = plain === name ? '' : `; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`;
  const part = (headers: readonly string[]) => `--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`;
  const bytes = Buffer.concat([
    Buffer.from(
      part(['Content-Type: application/json; charset=UTF-8', 'Content-Disposition: attachment; name="metadata"']) +
        `${JSON.stringify(message === undefined ? {} : { message })}\r\n` +
        part([`Content-Type: ${type}`, `Content-Disposition: attachment; name="file"; filename="${plain}"${encoded}`]),
    ),
    Buffer.from(content as string),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { type: `multipart/related; boundary=${boundary}`, bytes };
}
