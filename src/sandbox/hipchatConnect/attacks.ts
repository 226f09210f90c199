import type { Forgery } from './jwt.ts';

/** What an attack is made of: the claims' clock in seconds, and who is attacked. */
export interface AttackContext {
  readonly now: number;
  /** The installation's own id. */
  readonly oauthId: string;
  /** Another user than the sender. */
  readonly otherUser: { readonly id: number; readonly name: string; readonly mention_name: string };
  readonly otherRoom: { readonly id: number; readonly name: string };
}

export type Attack = (context: AttackContext) => Forgery;

const STRANGER = 'ffffffff-0000-4000-8000-000000000000';

/** Tokens that an add-on must refuse, by what is wrong with them. */
export const TOKEN_ATTACKS = {
  'signed with another secret': () => ({ secret: 'the secret of somebody else' }),
  'signed with the empty secret': () => ({ secret: '' }),
  'algorithm none': () => ({ alg: 'none' }),
  'algorithm none in odd letters': () => ({ alg: 'nOnE' }),
  "RS256 with a stranger's key inside": () => ({ alg: 'RS256' }),
  'HS512 with the right secret': () => ({ alg: 'HS512' }),
  'an issuer that nobody knows': () => ({ claims: { iss: STRANGER } }),
  'no issuer': () => ({ claims: { iss: undefined } }),
  expired: ({ now }) => ({ claims: { iat: now - 1_000, exp: now - 100 } }),
  'without an end': () => ({ claims: { exp: undefined } }),
  'claims altered after signing': ({ otherUser }) => ({
    altered: { sub: String(otherUser.id), prn: String(otherUser.id) },
  }),
  'end altered after signing': ({ now }) => ({
    claims: { iat: now - 1_000, exp: now - 100 },
    altered: { iat: now, exp: now + 900 },
  }),
  'not a token': () => ({ token: 'a.b.c' }),
  'no token at all': () => ({ carry: 'nowhere' }),
} as const satisfies Record<string, Attack>;

/** Webhook bodies that are not what their (right) token is about. */
export const BODY_ATTACKS = {
  'another sender in the body': ({ otherUser }) => ({
    body: ({ item, ...rest }) => ({
      ...rest,
      item: {
        ...item,
        ...('sender' in item ? { sender: otherUser } : {}),
        ...('message' in item ? { message: { ...(item['message'] as object), from: otherUser } } : {}),
      },
    }),
  }),
  'another room in the body': ({ otherRoom }) => ({
    body: ({ item, ...rest }) => ({ ...rest, item: { ...item, room: otherRoom } }),
  }),
  "another installation's id in the body": () => ({
    body: (body) => ({ ...body, oauth_client_id: STRANGER }),
  }),
  'a body without its item': () => ({ body: ({ item: _item, ...rest }) => rest }),
  'no JSON': () => ({ body: () => '{"event":' }),
} as const satisfies Record<string, Attack>;
