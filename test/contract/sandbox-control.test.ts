import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControl } from '../../src/sandbox/control.ts';
import type { Service } from '../../src/sandbox/http.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { certificateFingerprint } from '../../src/sandbox/tls.ts';
import { startTestAddon } from './hipchat-addon-world.ts';

let sandbox: Sandbox;
let control: Service;
beforeAll(async () => {
  sandbox = await startSandbox({ slack: false });
  control = await startControl(sandbox);
});
afterAll(async () => {
  await control.close();
  await sandbox.close();
});

async function act(action: string, body: unknown, type = 'application/json') {
  const headers = { 'content-type': type };
  const answer = await fetch(`${control.url}/${action}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('the hand-held control', () => {
  it('adds and removes events, and shows the state', async () => {
    const times = { start: '2026-01-05T09:00:00Z', end: '2026-01-05T10:00:00Z' };
    const { id } = (await act('addEvent', { ...times, subject: 'Review' })).body;
    expect((await act('state', {})).body).toMatchObject({ events: [{ id, subject: 'Review' }], hipchat: { id: 42 } });
    await act('removeEvent', { id });
    expect(sandbox.graph.events()).toEqual([]);
  });

  it('plays the person in the chat, and trouble', async () => {
    await act('setHipchatPresence', { show: 'away' });
    expect(sandbox.hipchat.user(42).presence).toEqual({ show: 'away', status: '' });
    await act('outage', { service: 'hipchat' });
    expect((await fetch(`${sandbox.urls.hipchat}/user/42`)).status).toBe(503);
    await act('setStatusText', { service: 'zulip', text: 'Lunch' });
    expect((await act('state', {})).body).toMatchObject({ zulip: { status_text: 'Lunch' } });
    await act('outage', { service: 'zulip' });
    const zulip = await sandbox.more.open('zulip');
    expect((await fetch(`${zulip.url}/api/v1/server_settings`)).status).toBe(503);
  });

  it('installs an add-on, speaks to it, looks at what it shows, and takes it out', async () => {
    const addon = await startTestAddon();
    try {
      const { oauthId, name } = (await act('installAddon', { url: addon.descriptorUrl, room: 'Engine room' })).body;
      expect(name).toBe('Testing add-on');
      addon.answer = { status: 200, body: { message: 'Hello Ada' } };
      const said = await act('say', { room: 'Engine room', user: '@Ada', text: '/test' });
      expect(said.body).toMatchObject({
        webhooks: [{ event: 'room_message', status: 200 }],
        posts: [{ text: '/test' }, { kind: 'notification', from: 'Testing', text: 'Hello Ada' }],
      });
      addon.answer = { status: 204 };
      expect((await act('enterRoom', { room: 1815, user: '@Grace' })).body).toMatchObject({ participants: [43] });
      expect((await act('setTopic', { room: 1815, user: 43, text: 'Looms' })).body).toMatchObject({ topic: 'Looms' });
      expect((await act('exitRoom', { room: 1815, user: 43 })).body).toMatchObject({ participants: [] });
      expect((await act('room', { room: 1815 })).body['posts']).toHaveLength(2);
      const glance = await act('queryGlance', { oauthId, key: 'busy', user: 42, room: 1815 });
      expect(glance.body).toMatchObject({ status: 200, content: { label: { value: '<b>2</b> busy' } } });
      const { address } = (await act('openFrame', { oauthId, key: 'panel', user: 42 })).body;
      expect((await fetch(String(address))).status).toBe(200);
      expect((await act('uninstallAddon', { oauthId })).body).toEqual({ status: 204 });
      expect((await act('uninstallAddon', { oauthId })).status).toBe(400);
      // The people are those of the other stand-in of the same chat.
      sandbox.hipchat.setPresence(42, 'xa', 'Lunch');
      const { users } = await sandbox.more.open('hipchatConnect');
      expect(users.known(42).presence).toEqual({ show: 'xa', status: 'Lunch' });
    } finally {
      await addon.close();
    }
  });

  it('refuses what it does not understand', async () => {
    expect((await act('addEvent', { start: 'soon' })).status).toBe(400);
    expect((await act('format', {})).status).toBe(404);
    expect((await act('state', {}, 'text/plain')).status).toBe(415);
  });
});

describe('the sandbox as a program', () => {
  it('prints where everything is, serves there, and goes when it is told to', async () => {
    const main = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', main, '--no-emulators'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    for await (const chunk of child.stdout) {
      text += String(chunk);
      if (text.endsWith('}\n')) break;
    }
    const shown = JSON.parse(text) as {
      urls: Record<'calendar' | 'slack' | 'mattermost' | 'zulip' | 'rocketchat' | 'webhook' | 'hipchatConnect', string>;
      known: Record<string, string>;
      certificate: string;
      fingerprint: string;
    };
    expect((await fetch(shown.urls.calendar)).status).toBe(200);
    expect(shown.urls.slack).toBe('');
    const headers = { authorization: `Bearer ${shown.known['mattermostToken']}` };
    expect((await fetch(`${shown.urls.mattermost}/api/v4/users/me`, { headers })).status).toBe(200);
    expect(shown.urls.webhook).toContain('/hooks/');
    expect((await fetch(`${shown.urls.hipchatConnect}/v2/capabilities`)).status).toBe(200);
    expect(certificateFingerprint(shown.certificate)).toBe(shown.fingerprint);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});
