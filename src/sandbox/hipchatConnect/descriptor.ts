import { z } from 'zod';
import { compilePattern } from './pattern.ts';

/** The scopes that an add-on can ask for, and what the capabilities document says of them. */
export const SCOPES = {
  admin_group: 'Administer Group',
  admin_room: 'Administer Room',
  import_data: 'Import Data',
  manage_rooms: 'Manage Rooms',
  send_message: 'Send Message',
  send_notification: 'Send Notification',
  view_group: 'View Group',
  view_messages: 'View Messages',
  view_room: 'View Room',
} as const;

export type Scope = keyof typeof SCOPES;

export const EVENTS = [
  'room_archived',
  'room_created',
  'room_deleted',
  'room_enter',
  'room_exit',
  'room_file_upload',
  'room_message',
  'room_notification',
  'room_topic_change',
  'room_unarchived',
] as const;

export type WebhookEvent = (typeof EVENTS)[number];

const isPattern = (pattern: string) => compilePattern(pattern) !== null;
const isWeb = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const address = z.string().refine(isWeb, 'must be an http or https address');
const name = z.union([z.string(), z.looseObject({ value: z.string() })]);
const icon = z.looseObject({ url: z.string() });
const key = z.string().min(1).max(40);

/** One webhook, in the descriptor or by `POST /v2/room/{id}/webhook`. */
export const webhookDeclaration = z.looseObject({
  url: address,
  event: z.enum(EVENTS),
  pattern: z.string().refine(isPattern, 'is no regular expression').optional(),
  name: z.string().optional(),
  key: key.optional(),
  authentication: z.enum(['jwt', 'none']).default('none'),
});

const frame = z.looseObject({ key: z.string().min(1), url: address });
const panel = frame.extend({ name, location: z.string(), icon: icon.optional() });

const capabilities = z.looseObject({
  hipchatApiConsumer: z
    .looseObject({
      scopes: z.array(z.enum(Object.keys(SCOPES) as Scope[])).min(1),
      fromName: z.string().max(20).optional(),
    })
    .optional(),
  installable: z
    .looseObject({
      allowGlobal: z.boolean().default(true),
      allowRoom: z.boolean().default(true),
      callbackUrl: address.optional(),
      installedUrl: address.optional(),
      uninstalledUrl: address.optional(),
    })
    .optional(),
  configurable: z.looseObject({ url: address }).optional(),
  // One alone may stand without its list.
  webhook: z.preprocess(
    (given) => (given === undefined || Array.isArray(given) ? given : [given]),
    z.array(webhookDeclaration).default([]),
  ),
  glance: z
    .array(z.looseObject({ key: z.string().min(1), name, icon, target: z.string(), queryUrl: address.optional() }))
    .default([]),
  webPanel: z.array(panel).default([]),
  dialog: z.array(frame.extend({ title: name })).default([]),
  externalPage: z.array(frame.extend({ name })).default([]),
  action: z.array(z.looseObject({ key: z.string(), name, target: z.string(), location: z.string() })).default([]),
});

const descriptor = z.looseObject({
  key: z.string().min(1),
  name: z.string().min(1),
  description: z.string().optional(),
  links: z.looseObject({ self: address }),
  capabilities,
});

export type Descriptor = z.output<typeof descriptor>;
export type WebhookDeclaration = z.output<typeof webhookDeclaration>;

/** Reads a descriptor (HipChat Connect, "Add-on descriptor"); what is wrong with it is a list of sentences. */
export function readDescriptor(json: unknown): { descriptor: Descriptor } | { problems: string[] } {
  const read = descriptor.safeParse(json);
  if (!read.success) return { problems: read.error.issues.map(say) };
  const { glance, action, webPanel, dialog, externalPage } = read.data.capabilities;
  const targets = new Set([...webPanel, ...dialog, ...externalPage].map((one) => one.key));
  const problems = [...glance, ...action]
    .filter(({ target }) => !targets.has(target))
    .map((one) => `${one.key}: its target ${one.target} is no webPanel, dialog or externalPage`);
  const keys = [...glance, ...webPanel, ...dialog, ...externalPage].map((one) => one.key);
  for (const twice of keys.filter((one, index) => keys.indexOf(one) !== index))
    problems.push(`${twice}: key used twice`);
  return problems.length > 0 ? { problems } : { descriptor: read.data };
}

/** One line for one thing that does not fit. */
export function say({ path, message }: { path: PropertyKey[]; message: string }): string {
  return `${path.map(String).join('.') || 'the whole'}: ${message}`;
}
