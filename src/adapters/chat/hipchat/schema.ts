import { z } from 'zod';

/** XMPP's four words, which HipChat took over; null or absent is available. */
const show = z.enum(['away', 'chat', 'dnd', 'xa']);

/** A person as GET /v2/user/{id_or_email} answers (specs/hipchat.yaml, `User`). Other fields are let through unread. */
export const hipchatUser = z.object({
  name: z.string(),
  mention_name: z.string(),
  email: z.string().nullish(),
  title: z.string().nullish(),
  /** IANA name. */
  timezone: z.string().nullish(),
  is_group_admin: z.boolean().nullish(),
  roles: z.array(z.string()).nullish(),
  /** Null while the person is offline. */
  presence: z
    .object({
      /** Free text. */
      status: z.string().nullish(),
      show: show.nullish(),
      /** Seconds without activity. */
      idle: z.number().nullish(),
      is_online: z.boolean().nullish(),
    })
    .nullish(),
});

export type HipchatUser = Readonly<z.infer<typeof hipchatUser>>;
export type HipchatShow = z.infer<typeof show>;

/** The body of PUT /v2/user/{id_or_email} (specs/hipchat.yaml, `UpdateUser`): no field may be null. */
export interface HipchatUserUpdate {
  readonly name: string;
  readonly email: string;
  readonly mention_name: string;
  readonly title: string;
  readonly timezone?: string;
  readonly is_group_admin?: boolean;
  readonly roles?: readonly string[];
  readonly presence?: { readonly status: string; readonly show: HipchatShow };
}
