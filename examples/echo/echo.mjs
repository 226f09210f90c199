// The smallest add-on: `/echo hello` is answered with a green `hello`, in HipChat, Slack and Mattermost.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAddon, serveAddon } from 'hipstatus/addon';

const echo = createAddon({
  key: 'com.example.echo',
  name: 'Echo',
  description: 'Says what you say',
  scopes: ['send_notification', 'view_messages'],
  allowGlobal: false,
});

echo.webhook({ event: 'room_message', pattern: /^\/echo(?:\s|$)/i, path: '/echo', key: 'echo' }, ({ message }) => {
  const said = message.message.slice('/echo'.length).trim();
  if (said === '') return { message: 'Say what: /echo hello', message_format: 'text', color: 'yellow' };
  return { message: said, message_format: 'text', color: 'green' };
});

export default echo;

// `node echo.mjs` serves it alone; a hub takes what is exported.
if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) await serveAddon(echo);
