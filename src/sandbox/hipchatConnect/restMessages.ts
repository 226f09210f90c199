import { z } from 'zod';
import { hipchatError } from '../hipchatUser.ts';
import type { Handler, SandboxAnswer, SandboxRequest } from '../http.ts';
import type { Session } from './clients.ts';
import { stamp } from './happenings.ts';
import { parameter, readParts } from './multipart.ts';
import type { HipchatRoom, Post } from './rooms.ts';
import { inRoom, notifyRoom, post, refuseBody, type World } from './world.ts';

const text = z.string().min(1).max(1000);
const message = z.looseObject({ message: text });
const reply = z.looseObject({ parentMessageId: z.string().min(1), message: text });
const link = z.looseObject({ link: z.string().min(1), message: z.string().max(1000).default('') });
const metadata = z.looseObject({ message: z.string().max(1000).default('') });

const bad = (problem: string) => hipchatError(400, 'Bad Request', problem);

/** The refusal, else what `good` makes of the post. */
function answer(
  made: SandboxAnswer | Post,
  good: (made: Post) => SandboxAnswer = () => ({ status: 204 }),
): SandboxAnswer {
  return 'status' in made ? made : good(made);
}

/** The file of a `multipart/related` body, or what is wrong with it. */
function readFile({
  headers,
  bytes,
}: SandboxRequest): { name: string; type: string; content: Buffer; text: string } | string {
  const type = String(headers['content-type'] ?? '');
  if (!/^multipart\/related\b/i.test(type)) return 'The content type must be multipart/related';
  const parts = readParts(type, bytes);
  if (!parts) return 'The body has no part';
  const isJson = (part: { headers: ReadonlyMap<string, string> }) =>
    part.headers.get('content-type')?.toLowerCase().startsWith('application/json') === true;
  const file = parts.find((part) => parameter(part.headers.get('content-disposition') ?? '', 'name') === 'file');
  if (!file) return "No part is called 'file'";
  const name = parameter(file.headers.get('content-disposition') ?? '', 'filename');
  if (name === null || name === '') return "The part 'file' has no filename";
  const about = parts.find((part) => part !== file && isJson(part));
  try {
    const read = metadata.safeParse(about ? JSON.parse(about.content.toString('utf8')) : {});
    if (!read.success) return 'The JSON part is wrong';
    const { message: said } = read.data;
    return { name, type: file.headers.get('content-type') ?? '', content: file.content, text: said };
  } catch {
    return 'The JSON part is no JSON';
  }
}

/** What is said in rooms: notifications, messages, replies, files and links. */
export function messageRoutes(world: World): Record<string, Handler> {
  function say(request: SandboxRequest, room: HipchatRoom, session: Session): SandboxAnswer {
    const read = message.safeParse(request.json);
    if (!read.success) return refuseBody(read.error);
    const made = post(world, session, room, { kind: 'message', text: read.data.message, body: read.data });
    return answer(made, ({ id, at }) => ({ status: 201, body: { id, timestamp: stamp(at) } }));
  }

  function replyTo(request: SandboxRequest, room: HipchatRoom, session: Session): SandboxAnswer {
    const read = reply.safeParse(request.json);
    if (!read.success) return refuseBody(read.error);
    const { parentMessageId } = read.data;
    if (!world.rooms.posts.some(({ id, room: where }) => id === parentMessageId && where === room.id)) {
      return hipchatError(404, 'Not Found', 'Parent message not found');
    }
    return answer(post(world, session, room, { kind: 'reply', text: read.data.message, body: read.data }));
  }

  function shareLink(request: SandboxRequest, room: HipchatRoom, session: Session): SandboxAnswer {
    const read = link.safeParse(request.json);
    if (!read.success) return refuseBody(read.error);
    return answer(post(world, session, room, { kind: 'link', text: read.data.message, body: read.data }));
  }

  function shareFile(request: SandboxRequest, room: HipchatRoom, session: Session): SandboxAnswer {
    const read = readFile(request);
    if (typeof read === 'string') return bad(read);
    const { name, type, content } = read;
    const url = `${world.base()}/files/${encodeURIComponent(name)}`;
    const file = { name, size: content.length, url };
    const body = { file, type, content: content.toString('base64') };
    return answer(post(world, session, room, { kind: 'file', text: read.text, body }));
  }

  return {
    'POST /v2/room/:room/notification': inRoom(world, ['send_notification'], (request, room, session) =>
      answer(notifyRoom(world, session, room, request.json)),
    ),
    'POST /v2/room/:room/message': inRoom(world, ['send_message'], say),
    'POST /v2/room/:room/reply': inRoom(world, ['send_message'], replyTo),
    'POST /v2/room/:room/share/link': inRoom(world, ['send_message'], shareLink),
    'POST /v2/room/:room/share/file': inRoom(world, ['send_message'], shareFile),
  };
}
