import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileBody } from '../../../../src/hub/addons/client/files.ts';
import { glance } from '../../../../src/hub/addons/glance.ts';
import { escapeHtml, notificationOf } from '../../../../src/hub/addons/messages.ts';
import { compile, patternText } from '../../../../src/hub/addons/pattern.ts';
import { tokenTag } from '../../../../src/hub/addons/tokenTag.ts';

describe('a pattern', () => {
  it.each([
    [/^\/echo/i, '^\\/[Ee][Cc][Hh][Oo]'],
    [/^\/echo\s+(.+)$/, '^\\/echo\\s+(.+)$'],
    [/[a-f_\d-]x/i, '[A-Fa-f_\\d-][Xx]'],
    [/(?:ab|c)\b(?=d)(?!e)/i, '(?:[Aa][Bb]|[Cc])\\b(?=[Dd])(?![Ee])'],
    [/\u00e4\x41ß/i, '\\u00e4\\x41ß'],
    ['(?i)^/echo', '(?i)^/echo'],
  ])('%s is told to servers as %s', (pattern, text) => {
    expect(patternText(pattern)).toBe(text);
  });

  it.each([/x/g, /x/s, /(?<name>x)/i])('%s is refused', (pattern) => {
    expect(() => patternText(pattern)).toThrow(/chat servers/);
  });

  it('means the same in either case, written out', () => {
    const words = fc.string({ unit: fc.constantFrom(...'aZq/ 1-_'), maxLength: 6 });
    const patterns = [/^\/a[q-z]+ (z|a1)?/i, /[aq]-z/i, /(?:za)+\s?\/1/i];
    fc.assert(
      fc.property(words, fc.constantFrom(...patterns), (text, pattern) => {
        expect(new RegExp(patternText(pattern)).exec(text)?.[0]).toBe(pattern.exec(text)?.[0]);
      }),
      { numRuns: 500 },
    );
  });

  it('that only a server can read is no error', () => {
    expect(compile('(?i)^/echo')).toBeNull();
    expect(compile('^/echo(\\s')).toBeNull();
    expect(compile('a{,2}\\-')?.test('a{,2}-')).toBe(true);
  });
});

describe('a notification', () => {
  it('of a plain text has no markup', () => {
    expect(notificationOf('<b>')).toEqual({ message: '<b>', message_format: 'text' });
  });

  it('takes 10,000 characters and no more, and not none', () => {
    expect(notificationOf('x'.repeat(10_000)).message).toHaveLength(10_000);
    expect(() => notificationOf('x'.repeat(10_001))).toThrow(/message/);
    expect(() => notificationOf('')).toThrow(/message/);
  });

  it('says which field is wrong, never what is in it', () => {
    const wrong = { message: 'x', card: { style: 'link', id: 'i', title: 't', url: 'secret' } } as const;
    expect(() => notificationOf(wrong)).toThrow(/card\.url/);
    expect(() => notificationOf(wrong)).not.toThrow(/secret/);
  });
});

describe('a glance', () => {
  it('has a label, in which nothing is markup unless it says so', () => {
    expect(glance({ label: '<b>' }).label).toEqual({ type: 'html', value: '&lt;b&gt;' });
    expect(glance({ html: '<b>1</b>' }).label.value).toBe('<b>1</b>');
    expect(() => glance({})).toThrow(/label/);
  });

  it('has a lozenge or an icon', () => {
    expect(glance({ label: 'a', lozenge: { label: '3' } }).status).toEqual({
      type: 'lozenge',
      value: { type: 'default', label: '3' },
    });
    expect(glance({ label: 'a', icon: { url: 'https://e.com/i.png' } }).status).toEqual({
      type: 'icon',
      value: { url: 'https://e.com/i.png', 'url@2x': 'https://e.com/i.png' },
    });
    expect(() => glance({ label: 'a', icon: { url: 'i.png' } })).toThrow(/status/);
  });
});

describe('a file', () => {
  it('goes as two parts, whatever is in it', () => {
    const { type, bytes } = fileBody({ name: 'a.txt', content: '--x\r\n', type: 'text/plain', message: 'look' });
    const boundary = /^multipart\/related; boundary=(\S+)$/.exec(type)?.[1] ?? '';
    expect(bytes.toString()).toBe(
      [
        `--${boundary}`,
        'Content-Type: application/json; charset=UTF-8',
        'Content-Disposition: attachment; name="metadata"',
        '',
        '{"message":"look"}',
        `--${boundary}`,
        'Content-Type: text/plain',
        'Content-Disposition: attachment; name="file"; filename="a.txt"',
        '',
        '--x\r\n',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    );
  });

  it('keeps its name whole, in the form for all names', () => {
    const text = fileBody({ name: 'plän "1" 100%.txt', content: '' }).bytes.toString();
    expect(text).toContain('filename="pl_n _1_ 100_.txt"');
    expect(text).toContain("filename*=UTF-8''pl%C3%A4n%20%221%22%20100%25.txt");
  });
});

it('text becomes HTML that says the same', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
  expect(tokenTag('a"b')).toBe('<meta name="token" content="a&quot;b">');
});
