import { z } from 'zod';
import { checked, escapeHtml } from './messages.ts';

// The line at the side of a room ("Glances").

const GLANCE_LOZENGES = ['default', 'success', 'error', 'current', 'new', 'moved'] as const;
const webAddress = z.string().regex(/^https?:\/\/\S+$/, 'is an address that begins with https://');

const glanceContentSchema = z.strictObject({
  label: z.strictObject({ type: z.literal('html'), value: z.string().min(1).max(1_000) }),
  status: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('lozenge'),
        value: z.strictObject({ type: z.enum(GLANCE_LOZENGES), label: z.string().min(1).max(50) }),
      }),
      z.strictObject({
        type: z.literal('icon'),
        value: z.strictObject({ url: webAddress, 'url@2x': webAddress }),
      }),
    ])
    .optional(),
  /** What the conditions of actions look at. */
  metadata: z.record(z.string(), z.unknown()).optional(),
});

/** What a glance shows, as the API has it. */
export type GlanceContent = z.input<typeof glanceContentSchema>;

export interface GlanceOptions {
  /** Text; nothing in it is markup. */
  readonly label?: string;
  /** Instead of `label`. */
  readonly html?: string;
  /** A word in a coloured field behind the label. */
  readonly lozenge?: { readonly label: string; readonly type?: (typeof GLANCE_LOZENGES)[number] };
  /** Instead of a lozenge. */
  readonly icon?: { readonly url: string; readonly 'url@2x'?: string };
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Makes what a glance shows. Throws `invalidInput`. */
export function glance({ label, html, lozenge, icon, metadata }: GlanceOptions): GlanceContent {
  const status =
    lozenge !== undefined
      ? { type: 'lozenge', value: { type: lozenge.type ?? 'default', label: lozenge.label } }
      : icon !== undefined
        ? { type: 'icon', value: { url: icon.url, 'url@2x': icon['url@2x'] ?? icon.url } }
        : undefined;
  return glanceContentOf({
    label: { type: 'html', value: html ?? escapeHtml(label ?? '') },
    ...(status === undefined ? {} : { status }),
    ...(metadata === undefined ? {} : { metadata }),
  });
}

export const glanceContentOf = (content: unknown): GlanceContent => checked(glanceContentSchema, content, 'The glance');
