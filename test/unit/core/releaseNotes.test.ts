import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { releaseNotes } from '../../../src/core/releaseNotes.ts';

const shown = (given: unknown) => releaseNotes(given).map(({ kind, text }) => `${kind}: ${text}`);

describe('release notes', () => {
  it('are read from Markdown', () => {
    expect(
      shown(
        '# New\n\nStarts **faster**,\neven `cold`.\n\n- One\n* Two\n  of them\n1. Three [more](https://x.example)\n\nEnd.',
      ),
    ).toEqual([
      'heading: New',
      'text: Starts faster, even cold.',
      'item: One',
      'item: Two of them',
      'item: Three more',
      'text: End.',
    ]);
  });

  it('are read from HTML', () => {
    const html =
      '<h2>What is new</h2><p>Starts <b>faster</b><br/>and &lt;well&gt; &amp; f&uuml;r alle &#8230;</p><ul>\n<li>One</li>\n<li><a href="javascript:alert(1)">Two</a></li></ul>';
    expect(shown(html)).toEqual([
      'heading: What is new',
      'text: Starts faster',
      'text: and <well> & für alle …',
      'item: One',
      'item: Two',
    ]);
  });

  it('take no time, whatever is written there', () => {
    const tags = (tag: string) => tag.repeat(40_000 / tag.length);
    const began = performance.now();
    for (const note of [tags('<p '), tags('<li '), `<p>${tags('<h1 ')}`]) {
      releaseNotes(Array.from({ length: 1_000 }, () => ({ version: '2.2.0', note })));
    }
    // Several minutes, were each tag's end looked for to the end of all.
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('are read from a list of versions', () => {
    expect(shown([{ version: '2.2.0', note: '<p>Two</p>' }, { version: '2.1.0', note: null }, 7, null])).toEqual([
      'heading: 2.2.0',
      'text: Two',
      'heading: 2.1.0',
    ]);
  });

  it.each([[null], [undefined], [7], [{}], [''], ['\n \n'], [[]]])('are none for %j', (given) => {
    expect(releaseNotes(given)).toEqual([]);
  });

  it('hold no script, style or comment', () => {
    const html = '<style>p{}</style><p>a<script>alert(1)</script><!-- b --></p><script>alert(2)';
    expect(shown(html)).toEqual(['text: a']);
  });

  it('hold nothing that is not seen, or turns what is', () => {
    expect(shown('a\u202Eb\u200Bc\u0007d&#8238;e <b>f</b>')).toEqual(['text: abcde f']);
  });

  it('are bounded, whatever is given', () => {
    expect(releaseNotes('- x\n'.repeat(100_000))).toHaveLength(120);
    const [long] = releaseNotes('y'.repeat(1_000_000));
    expect(long?.text).toHaveLength(601);
    for (const part of ['<', '[', '[x](', '**', '`', '&', '&#', '<!--', '<script>', '<li>', '# ', '<p ']) {
      expect(releaseNotes(part.repeat(100_000)).length, part).toBeLessThan(121);
    }
  });

  it('are plain text, whatever is given', () => {
    const word = fc.constantFrom(
      '<p>',
      '</p>',
      '<li',
      '>',
      '<script>',
      '&lt;',
      '- ',
      '# ',
      '\n',
      'word',
      '"',
      '**',
      '[x](y)',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        for (const { kind, text } of releaseNotes(words.join(''))) {
          expect(['heading', 'text', 'item']).toContain(kind);
          expect(text).toBe(text.trim());
          expect(text).not.toBe('');
          expect(text).not.toMatch(/\n/);
        }
      }),
    );
  });
});
