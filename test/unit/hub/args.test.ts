import { describe, expect, it } from 'vitest';
import { parseHubArgs } from '../../../src/hub/args.ts';

const parse = (line: string) => parseHubArgs(line.split(' ').filter((word) => word !== ''));

describe('hipstatus hub …', () => {
  it('serves when nothing else is said', () => {
    expect(parse('')).toEqual({ kind: 'serve', options: { port: null, integrations: null, tokens: [] } });
  });

  it('makes tokens of the usual scopes, or of those that are named', () => {
    const created = (line: string) => parse(`token create ${line}`);
    expect(created('--email Ann@Example.com')).toEqual({
      kind: 'token',
      command: {
        action: 'create',
        name: 'Ann@Example.com',
        email: 'ann@example.com',
        scopes: ['publish', 'read'],
        days: null,
      },
    });
    expect(created('--name lights')).toMatchObject({ command: { name: 'lights', email: null, scopes: ['read'] } });
    expect(created('--scope admin --scope read --days 30')).toMatchObject({
      command: { scopes: ['admin', 'read'], days: 30 },
    });
  });

  it('lists and revokes them', () => {
    expect(parse('token list')).toEqual({ kind: 'token', command: { action: 'list' } });
    expect(parse('token revoke abc')).toEqual({ kind: 'token', command: { action: 'revoke', id: 'abc' } });
  });

  it.each([
    'tokens',
    'token',
    'token revoke',
    'token list more',
    'token revoke a b',
    'token create more',
    'token create --scope everything',
    'token create --days 0',
    'token create --days soon',
    'token create --email nobody',
    'token list --scope read',
    '--scope read',
    '--port many',
    '--nothing 1',
  ])('says what is wrong with "%s"', (line) => {
    const parsed = parse(line);
    expect(parsed.kind).toBe('wrong');
    expect(parsed).toHaveProperty('message', expect.stringMatching(/See hipstatus hub --help\.$/));
  });
});
