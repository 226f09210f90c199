import { describe, expect, it } from 'vitest';
import { readIntegrationTokens } from '../../../src/hub/commands/integrationTokens.ts';
import { commandOf } from '../../../src/hub/commands/names.ts';
import { replyOf } from '../../../src/hub/commands/reply.ts';
import { storageCommandOf } from '../../../src/hub/commands/storageCommands.ts';

describe('a command', () => {
  it.each([
    ['/echo hello there', 'echo', 'hello there'],
    ['/ECHO hello', 'echo', 'hello'],
    ['/echo', 'echo', ''],
    ['  /echo  two\nlines ', 'echo', 'two\nlines'],
    ['/up-date_2 x', 'up-date_2', 'x'],
  ])('is read from %j', (message, name, query) => {
    expect(commandOf(message)).toEqual({ name, query });
  });

  it.each([
    '',
    'echo',
    'say /echo',
    '/',
    '/ echo',
    '/../etc/passwd',
    '//etc',
    '/a/b',
    '/a.b',
    '/.a',
    '/ä',
    `/${'a'.repeat(65)}`,
  ])('is not in %j', (message) => {
    expect(commandOf(message)).toBeNull();
  });
});

describe('tokens', () => {
  const tokens = readIntegrationTokens('1234:test:room-value send_message:global-value\ntest:global-test, url:a:b');

  it('are of a room, or for all', () => {
    expect(tokens.tokenOf('test', '1234')).toBe('room-value');
    expect(tokens.tokenOf('test', '99')).toBe('global-test');
    expect(tokens.tokenOf('test', null)).toBe('global-test');
    expect(tokens.tokenOf('other', '1234')).toBeNull();
    expect(tokens.tokenOf('url', '1234')).toBe('a:b');
  });

  it('are handed on whole, rooms by their number', () => {
    expect(tokens.all).toEqual({
      send_message: 'global-value',
      test: 'global-test',
      url: 'a:b',
      '1234': { test: 'room-value' },
    });
    expect(readIntegrationTokens('').all).toEqual({});
  });

  it('are in no text that is shown', () => {
    expect(tokens.hide('a room-value b global-value room-valueglobal-test')).toBe('a [token] b [token] [token][token]');
  });

  it.each([
    'secret-value',
    ':secret-value',
    'name:',
    '1234:a.b:secret-value',
    '1234::secret-value',
    '../x:secret-value',
  ])('in a wrong form are refused without being said: %j', (text) => {
    const read = () => readIntegrationTokens(`good:token-one ${text}`);
    expect(read).toThrow(/Token [23] of the integrations is not right: it is NAME:VALUE, or ROOM:NAME:VALUE/);
    expect(read).not.toThrow(/secret-value/);
  });

  it('are there once', () => {
    expect(() => readIntegrationTokens('a:secret-1 A:secret-2')).toThrow('There are two tokens a. Leave one out.');
    expect(() => readIntegrationTokens('1:a:secret-1 1:a:secret-2')).toThrow(
      'There are two tokens 1:a. Leave one out.',
    );
    expect(() => readIntegrationTokens('1:secret-1 1:a:secret-2')).toThrow("1 is a token's name and a room.");
  });
});

describe('what a script returns', () => {
  it('is text unless it says otherwise', () => {
    expect(replyOf({ message: '<b>x</b>' })).toEqual({
      message: '<b>x</b>',
      message_format: 'text',
      color: 'yellow',
      notify: false,
    });
    expect(replyOf({ message: 'x', message_format: 'html', color: 'green', notify: true, card: '{"id":"1"}' })).toEqual(
      {
        message: 'x',
        message_format: 'html',
        color: 'green',
        notify: true,
        card: { id: '1' },
      },
    );
  });

  it('is refused by the name of what is wrong', () => {
    expect(replyOf({ message: 'x', color: 'pink' })).toMatch(/^what it returned is not right in color/);
    expect(replyOf({ message: 'x', message_format: 'markdown' })).toMatch(/not right in message_format/);
    expect(replyOf({ message: 'x', card: '[1]' })).toMatch(/not right in card/);
  });
});

describe('the one-word commands', () => {
  it('are save, load and erase', () => {
    expect(storageCommandOf('save storage.txt')).toEqual({ action: 'save', file: 'storage.txt' });
    expect(storageCommandOf(' load  storage.txt\n')).toEqual({ action: 'load', file: 'storage.txt' });
    expect(storageCommandOf('erase')).toEqual({ action: 'erase' });
    expect(storageCommandOf('erase all')).toBeNull();
    expect(storageCommandOf('{"item":{}}')).toBeNull();
    expect(() => storageCommandOf('save')).toThrow('Say which file, such as: save storage.txt');
    expect(() => storageCommandOf('load a b')).toThrow('Say which file');
  });
});
