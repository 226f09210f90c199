import { describe, expect, it } from 'vitest';
import { parseHubArgs } from '../../../src/hub/args.ts';

describe('hipstatus hub', () => {
  it('takes port, folder and tokens, long or short', () => {
    const wanted = {
      kind: 'serve',
      options: { port: 8000, integrations: './integrations', tokens: ['1234:test:abc', 'send_message:def'] },
    };
    const tokens = ['1234:test:abc', 'send_message:def'] as const;
    expect(
      parseHubArgs(['--port', '8000', '--integrations', './integrations', '--token', tokens[0], '--token', tokens[1]]),
    ).toEqual(wanted);
    expect(parseHubArgs(['-p', '8000', '-i', './integrations', '-t', tokens[0], '-t', tokens[1]])).toEqual(wanted);
    expect(parseHubArgs([])).toEqual({ kind: 'serve', options: { port: null, integrations: null, tokens: [] } });
  });

  it.each([
    [['--port', 'many'], '--port is a number up to 65535.'],
    [['--port', '65536'], '--port is a number up to 65535.'],
    [['--port='], '--port is a number up to 65535.'],
    [['--token', 'a:secret-value'], '--token needs --integrations.'],
    [['--integrations', ''], '--integrations is a folder.'],
    [['--integrations', 'x', 'token', 'list'], '--port, --integrations and --token are for the hub itself.'],
    [['--integrations', 'x', '--name', 'y'], 'These options are for "token create".'],
  ])('says what is wrong with %j, and where the usage is', (argv, message) => {
    expect(parseHubArgs(argv)).toEqual({ kind: 'wrong', message: `${message} See hipstatus hub --help.` });
  });

  it('says how it is used', () => {
    const parsed = parseHubArgs(['--help']);
    expect(parsed).toMatchObject({ kind: 'help' });
    expect(parsed.kind === 'help' ? parsed.text : '').toContain(
      'usage: hipstatus hub [--port N] [--integrations DIR [--token [ROOM:]NAME:VALUE]…]',
    );
  });
});
