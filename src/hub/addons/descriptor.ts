import { z } from 'zod';

// The capabilities descriptor of HipChat Connect: what an add-on tells a chat server of itself. Fields that are not named here are let
// through, as servers differ in what they know.

/** What an add-on may ask of a chat server. */
export const ADDON_SCOPES = [
  'admin_group',
  'admin_room',
  'import_data',
  'manage_rooms',
  'send_message',
  'send_notification',
  'view_group',
  'view_messages',
  'view_room',
] as const;
export type AddonScope = (typeof ADDON_SCOPES)[number];

/** What a chat server tells an add-on of. */
export const WEBHOOK_EVENTS = [
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
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** An address, or a path below the add-on's own, such as `/icon.png`. */
const address = z.string().refine((text) => text.startsWith('/') || /^https?:\/\/\S+$/.test(text), {
  error: 'is an address (https://…) or a path that begins with /',
});
/** Names an element in the descriptor and in addresses. */
const elementKey = z.string().regex(/^[\w.-]{1,40}$/, 'is 1 to 40 letters, digits, _, . and -');
const name = z.union([z.string().min(1), z.looseObject({ value: z.string().min(1), i18n: z.string().optional() })]);

const iconSchema = z.looseObject({ url: address, 'url@2x': address.optional() });
const condition = z.looseObject({
  condition: z.string(),
  params: z.looseObject({}).optional(),
  invert: z.boolean().optional(),
});

const webhookSchema = z.looseObject({
  url: address,
  event: z.enum(WEBHOOK_EVENTS),
  pattern: z.string().optional(),
  name: z.string().optional(),
  key: elementKey.optional(),
  authentication: z.enum(['jwt', 'none']).optional(),
});
const glanceSchema = z.looseObject({
  key: elementKey,
  name,
  target: z.string().min(1),
  icon: iconSchema,
  queryUrl: address.optional(),
  conditions: z.array(condition).optional(),
});
const webPanelSchema = z.looseObject({
  key: elementKey,
  name,
  url: address,
  location: z.string().min(1),
  icon: iconSchema.optional(),
});
const dialogSchema = z.looseObject({
  key: elementKey,
  title: name,
  url: address,
  options: z.looseObject({}).optional(),
});
const externalPageSchema = z.looseObject({ key: elementKey, name, url: address });
const actionSchema = z.looseObject({
  key: elementKey,
  name,
  target: z.string().min(1),
  location: z.string().min(1),
  weight: z.number().int().optional(),
  conditions: z.array(condition).optional(),
});

const capabilitiesSchema = z.looseObject({
  hipchatApiConsumer: z
    .looseObject({
      scopes: z.array(z.enum(ADDON_SCOPES)).min(1),
      fromName: z.string().optional(),
      avatar: iconSchema.optional(),
    })
    .optional(),
  installable: z
    .looseObject({
      allowGlobal: z.boolean().optional(),
      allowRoom: z.boolean().optional(),
      callbackUrl: address.optional(),
      updateCallbackUrl: address.optional(),
      installedUrl: address.optional(),
      updatedUrl: address.optional(),
      uninstalledUrl: address.optional(),
    })
    .optional(),
  configurable: z.looseObject({ url: address, allowAccessToRoomAdmins: z.boolean().optional() }).optional(),
  webhook: z.union([z.array(webhookSchema), webhookSchema.transform((one) => [one])]).optional(),
  glance: z.array(glanceSchema).optional(),
  webPanel: z.array(webPanelSchema).optional(),
  dialog: z.array(dialogSchema).optional(),
  externalPage: z.array(externalPageSchema).optional(),
  action: z.array(actionSchema).optional(),
});

/** A descriptor, or what somebody knows of it already; the rest is filled in. */
export const partialDescriptorSchema = z.looseObject({
  /** Names the add-on in the world, such as `com.example.greeter`. */
  key: z.string().regex(/^[A-Za-z0-9][\w.-]{0,59}$/, 'is 1 to 60 letters, digits, _, . and -'),
  name: z.string().min(1).max(100),
  description: z.string().optional(),
  version: z.string().optional(),
  vendor: z.looseObject({ name: z.string().optional(), url: z.string().optional() }).optional(),
  links: z.looseObject({ self: address.optional(), homepage: address.optional() }).optional(),
  capabilities: capabilitiesSchema.optional(),
});

export const descriptorSchema = partialDescriptorSchema.extend({
  links: z.looseObject({ self: z.url(), homepage: address.optional() }),
  capabilities: capabilitiesSchema,
});

export type PartialDescriptor = z.input<typeof partialDescriptorSchema>;
/** As it is served: whole, and every address absolute. */
export type Descriptor = z.output<typeof descriptorSchema>;
export type Capabilities = z.output<typeof capabilitiesSchema>;
export type Icon = z.output<typeof iconSchema>;
