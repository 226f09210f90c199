import { z } from 'zod';
import { AppError } from '../../core/appError.ts';

// What an add-on says in a room. Limits and words are those of HipChat's API v2 ("Sending messages", "Send room notification").

const webAddress = z.string().regex(/^https?:\/\/\S+$/, 'is an address that begins with https://');
const picture = z.union([webAddress, z.strictObject({ url: webAddress, 'url@2x': webAddress.optional() })]);
const text = (longest: number) => z.string().min(1).max(longest);

const COLORS = ['yellow', 'green', 'red', 'purple', 'gray', 'random'] as const;
const LOZENGE_STYLES = [
  'lozenge',
  'lozenge-success',
  'lozenge-error',
  'lozenge-current',
  'lozenge-complete',
  'lozenge-moved',
] as const;

const attribute = z.strictObject({
  label: text(50).optional(),
  value: z.strictObject({
    label: text(200),
    url: webAddress.optional(),
    icon: picture.optional(),
    style: z.enum(LOZENGE_STYLES).optional(),
  }),
});

const cardSchema = z.strictObject({
  style: z.enum(['application', 'file', 'image', 'link', 'media']),
  /** Cards of one id are one thing that goes on. */
  id: text(100),
  title: text(500),
  url: webAddress.optional(),
  format: z.enum(['compact', 'medium']).optional(),
  description: z
    .union([text(1_000), z.strictObject({ value: text(1_000), format: z.enum(['html', 'text']) })])
    .optional(),
  icon: picture.optional(),
  thumbnail: z
    .strictObject({
      url: webAddress,
      'url@2x': webAddress.optional(),
      width: z.number().int().positive().optional(),
      height: z.number().int().positive().optional(),
    })
    .optional(),
  activity: z.strictObject({ html: text(1_000), icon: picture.optional() }).optional(),
  attributes: z.array(attribute).max(20).optional(),
});

const notificationSchema = z.strictObject({
  message: text(10_000),
  /** Default: html, as the API has it. */
  message_format: z.enum(['html', 'text']).optional(),
  /** Default: yellow. */
  color: z.enum(COLORS).optional(),
  /** Whether people hear of it. Default: false. */
  notify: z.boolean().optional(),
  /** Shown beside the add-on's name. */
  from: text(64).optional(),
  /** The id of a message that a card belongs to. */
  attach_to: z.string().optional(),
  card: cardSchema.optional(),
});

export type Card = z.input<typeof cardSchema>;
export type Notification = z.input<typeof notificationSchema>;

export const messageSchema = text(1_000);
export const privateMessageSchema = text(10_000);
export const topicSchema = z.string().max(250);

/** Parses what an add-on hands us. Throws `invalidInput` that names the field, not its value. */
export function checked<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new AppError('invalidInput', `${what} is not right${field === '' ? '' : ` in ${field}`}: ${issue?.message}.`, {
    reason: field === '' ? 'value' : field,
  });
}

/** A notification as it is sent. A plain text is one in which nothing is markup. */
export function notificationOf(given: Notification | string): z.output<typeof notificationSchema> {
  const wanted: Notification = typeof given === 'string' ? { message: given, message_format: 'text' } : given;
  return checked(notificationSchema, wanted, 'The notification');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, attributes included. What people write is never markup of ours. */
export const escapeHtml = (plain: string): string => plain.replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
