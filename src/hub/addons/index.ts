// What `hipstatus/addon` is: docs/addons.md.
export { AppError, type ErrorCode } from '../../core/appError.ts';
export type { Document, Documents, PutOptions } from '../store/port.ts';
export {
  type Addon,
  type AddonOptions,
  type ConfigureOptions,
  createAddon,
  type DialogOptions,
  type GlanceOptions as GlanceElement,
  type PageOptions,
  type RouteOptions,
  type WebhookOptions,
  type WebPanelOptions,
} from './addon.ts';
export {
  type AddonHost,
  type AnonymousCall,
  type Answer,
  answer,
  type Call,
  type ChatPerson,
  type ChatProfile,
  type CommandCall,
  type LifeCall,
  type Mention,
  type PageCall,
  type PrivateAnswer,
  privately,
  type RequestContext,
  type Room,
  type RouteCall,
  type Sender,
  type Tenant,
  type WebhookCall,
} from './calls.ts';
export type {
  AddonClient,
  ChatUser,
  GlanceTarget,
  RoomClient,
  RoomPerson,
  UserClient,
  UserPresence,
} from './client/client.ts';
export type { SharedFile } from './client/files.ts';
export type { AddonScope, Descriptor, PartialDescriptor, WebhookEvent } from './descriptor.ts';
export { type GlanceContent, type GlanceOptions, glance } from './glance.ts';
export { memoryDocuments } from './memoryDocuments.ts';
export { type Card, escapeHtml, type Notification } from './messages.ts';
export { type ServedAddon, type ServeOptions, serveAddon } from './serve.ts';
export { tokenTag } from './tokenTag.ts';
