import { z } from 'zod';

const icon = z.looseObject({ url: z.string(), 'url@2x': z.string().optional() });
const described = z.union([
  z.string(),
  z.looseObject({ format: z.enum(['html', 'text']).optional(), value: z.string().min(1).max(1000) }),
]);
const lozenge = z.enum([
  'lozenge',
  'lozenge-success',
  'lozenge-error',
  'lozenge-current',
  'lozenge-complete',
  'lozenge-moved',
]);
const attribute = z.looseObject({
  label: z.string().min(1).max(50).optional(),
  value: z.looseObject({
    label: z.string(),
    url: z.string().optional(),
    style: lozenge.optional(),
    icon: icon.optional(),
  }),
});

const card = z.looseObject({
  style: z.enum(['application', 'file', 'image', 'link', 'media']),
  id: z.string().min(1),
  title: z.string().min(1).max(500),
  url: z.string().optional(),
  format: z.enum(['compact', 'medium']).optional(),
  description: described.optional(),
  icon: z.union([z.string(), icon]).optional(),
  thumbnail: z.looseObject({ url: z.string().min(1).max(250) }).optional(),
  activity: z.looseObject({ html: z.string().min(1), icon: z.union([z.string(), icon]).optional() }).optional(),
  attributes: z.array(attribute).optional(),
});

/**
 * The body of `POST /v2/room/{id}/notification`, and what a webhook's receiver may answer (HipChat, "Sending messages" and
 * "Send room notification").
 */
export const notification = z.looseObject({
  message: z.string().min(1).max(10_000),
  message_format: z.enum(['html', 'text']).default('html'),
  color: z.enum(['yellow', 'green', 'red', 'purple', 'gray', 'random']).default('yellow'),
  // Their own samples have it as text too.
  notify: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
  from: z.string().max(64).optional(),
  attach_to: z.string().optional(),
  card: card.optional(),
});

export type Notification = z.output<typeof notification>;

/** What a glance shows: the answer of its `queryUrl`, and the content of an update. */
export const glanceContent = z.looseObject({
  label: z.looseObject({ type: z.literal('html'), value: z.string() }),
  status: z
    .discriminatedUnion('type', [
      z.looseObject({
        type: z.literal('lozenge'),
        value: z.looseObject({
          label: z.string(),
          type: z.enum(['default', 'success', 'error', 'current', 'new', 'moved']),
        }),
      }),
      z.looseObject({ type: z.literal('icon'), value: icon }),
    ])
    .optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

export type GlanceContent = z.output<typeof glanceContent>;
