import { describe, expect, it } from 'vitest';
import { ADA, ENGINE } from './hipchat-addon-world.ts';
import { ask, call, useWorld, world } from './hipchat-rest-world.ts';

/** The stand-in's API as add-ons use it: what is said in rooms, and files. */
useWorld();

const kinds = () => world.hipchat.posts.map(({ kind, text, from }) => [kind, text, from]);

describe('what is said', () => {
  const notify = (body: unknown) => call('POST', '/room/Engine%20room/notification', body);

  it('is a notification, with its defaults', async () => {
    expect((await notify({ message: '<b>Hi</b>' })).status).toBe(204);
    const defaults = { color: 'yellow', message_format: 'html', notify: false };
    expect(world.hipchat.posts[0]).toMatchObject({ kind: 'notification', from: 'Testing', user: null, body: defaults });
  });

  it('can have a card', async () => {
    const card = {
      style: 'application',
      id: 'c1',
      title: 'Ada',
      format: 'medium',
      description: { format: 'text', value: 'In a meeting' },
      icon: { url: 'http://a.example/i.png' },
      activity: { html: '<i>now</i>' },
      attributes: [{ label: 'until', value: { label: '10:00', style: 'lozenge-current' } }],
    };
    expect((await notify({ message: 'Ada', card, notify: 'true' })).status).toBe(204);
    expect(world.hipchat.posts[0]?.body).toMatchObject({ card, notify: true });
  });

  it.each([
    ['nothing', {}, /message/],
    ['too much', { message: 'x'.repeat(10_001) }, /message/],
    ['an unknown colour', { message: 'x', color: 'blue' }, /color/],
    ['an unknown format', { message: 'x', message_format: 'markdown' }, /message_format/],
    ['a card of no style', { message: 'x', card: { id: 'a', title: 'b' } }, /card\.style/],
    [
      'an unknown lozenge',
      {
        message: 'x',
        card: { style: 'link', id: 'a', title: 'b', attributes: [{ value: { label: 'c', style: 'red' } }] },
      },
      /style/,
    ],
  ])('is refused when it is %s', async (_name, body, problem) => {
    const { status, body: answer } = await notify(body);
    expect([status, answer.error?.message]).toEqual([400, expect.stringMatching(problem)]);
    expect(world.hipchat.posts).toEqual([]);
  });

  it('is a message or a reply to one', async () => {
    const { status, body } = await call('POST', `/room/${ENGINE}/message`, { message: 'Hello' });
    expect([status, body]).toMatchObject([201, { timestamp: '2026-01-05T09:00:00.000000+00:00' }]);
    const reply = { parentMessageId: body['id'], message: 'Yes?' };
    expect((await call('POST', `/room/${ENGINE}/reply`, reply)).status).toBe(204);
    expect((await call('POST', `/room/${ENGINE}/reply`, { ...reply, parentMessageId: 'x' })).status).toBe(404);
    expect(kinds()).toEqual([
      ['message', 'Hello', 'Testing'],
      ['reply', 'Yes?', 'Testing'],
    ]);
  });

  it("comes to the add-on's webhook when a person's token says it", async () => {
    world.hipchat.addToken('of-ada', ADA, ['send_message']);
    await call('POST', `/room/${ENGINE}/message`, { message: '/test' }, 'of-ada');
    await world.hipchat.settled();
    expect(world.addon.requests.at(-1)?.json).toMatchObject({
      event: 'room_message',
      item: { message: { from: { id: ADA } } },
    });
  });

  it('is in the history', async () => {
    await world.hipchat.say(ENGINE, ADA, 'one');
    await notify({ message: 'two' });
    const { body } = await call('GET', `/room/${ENGINE}/history/latest?max-results=5`);
    expect(body['items']).toMatchObject([
      { message: 'one', from: { id: ADA } },
      { message: 'two', from: 'Testing' },
    ]);
  });

  it('changes the topic, and tells of it', async () => {
    expect((await call('PUT', `/room/${ENGINE}/topic`, { topic: 'Looms' })).status).toBe(204);
    await world.hipchat.settled();
    expect(world.hipchat.room(ENGINE).topic).toBe('Looms');
    expect(world.addon.requests.at(-1)?.json).toMatchObject({ event: 'room_topic_change', item: { topic: 'Looms' } });
    expect((await call('PUT', `/room/${ENGINE}/topic`, { topic: 'x'.repeat(251) })).status).toBe(400);
  });
});
describe('files', () => {
  const bytes = Buffer.from([0, 255, 13, 10, 128, 45, 45]);
  const share = (body: Uint8Array | string, type = 'multipart/related; boundary=b0', bearer = world.token) =>
    ask(`/room/${ENGINE}/share/file`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': type },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  const json = 'Content-Type: application/json; charset=UTF-8\r\nContent-Disposition: attachment; name="metadata"';
  const file = 'Content-Type: image/png\r\nContent-Disposition: attachment; name="file"; filename="loom.png"';

  it('come as bytes, with a message', async () => {
    const start = `--b0\r\n${json}\r\n\r\n{"message":"Look"}\r\n--b0\r\n${file}\r\n\r\n`;
    const { status } = await share(Buffer.concat([Buffer.from(start), bytes, Buffer.from('\r\n--b0--\r\n')]));
    expect(status).toBe(204);
    const [post] = world.hipchat.posts;
    expect(post).toMatchObject({
      kind: 'file',
      text: 'Look',
      body: { file: { name: 'loom.png', size: bytes.length } },
    });
    expect(Buffer.from(String(post?.body['content']), 'base64')).toEqual(bytes);
  });

  it("come as hipchat-go sends them: LF, base64, names without quotation marks, no last boundary's hyphens", async () => {
    const part =
      'Content-Type: image/png charset=UTF-8\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; name=file; filename=a.png';
    const body = `--b0\nContent-Type: application/json; charset=UTF-8\nContent-Disposition: attachment; name="metadata"\n\n{"message": ""}\n--b0\n${part}\n\n${bytes.toString('base64')}\n--b0\n`;
    expect((await share(body)).status).toBe(204);
    expect(Buffer.from(String(world.hipchat.posts[0]?.body['content']), 'base64')).toEqual(bytes);
  });

  it('of a person come to the webhook', async () => {
    world.hipchat.addToken('of-ada', ADA, ['send_message']);
    await share(`--b0\r\n${file}\r\n\r\nabc\r\n--b0--`, undefined, 'of-ada');
    await world.hipchat.settled();
    expect(world.addon.requests.at(-1)?.json).toMatchObject({
      event: 'room_file_upload',
      item: { file: { name: 'loom.png', size: 3 }, sender: { id: ADA } },
    });
  });

  it.each([
    ['form-data', `--b0\r\n${file}\r\n\r\nabc\r\n--b0--`, 'multipart/form-data; boundary=b0'],
    ['no boundary', 'abc', 'multipart/related'],
    ['no part', 'abc', undefined],
    ['no file', `--b0\r\n${json}\r\n\r\n{}\r\n--b0--`, undefined],
    ['no name', '--b0\r\nContent-Disposition: attachment; name="file"\r\n\r\nabc\r\n--b0--', undefined],
    ['a message that is no JSON', `--b0\r\n${json}\r\n\r\n{\r\n--b0\r\n${file}\r\n\r\nabc\r\n--b0--`, undefined],
  ])('are refused with %s', async (_name, body, type) => {
    expect((await share(body, type)).status).toBe(400);
    expect(world.hipchat.posts).toEqual([]);
  });
});
