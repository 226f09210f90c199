import { describe, expect, it } from 'vitest';
import { type Card, notificationOf } from '../../../src/hub/addons/messages.ts';
import { formOf } from '../../../src/hub/hosts/form.ts';
import { fromHtml } from '../../../src/hub/hosts/html.ts';
import { MATTERMOST_MARKUP } from '../../../src/hub/hosts/mattermostText.ts';
import { numberOf } from '../../../src/hub/hosts/message.ts';
import { readSlackText, SLACK_MARKUP } from '../../../src/hub/hosts/slackText.ts';

describe("a notification's HTML", () => {
  it.each([
    ['a &lt;b&gt; &amp; c', 'a &lt;b&gt; &amp; c', 'a \\<b\\> & c'],
    ['<b>x</b> <em>y</em>', '*x* _y_', '**x** *y*'],
    [
      '<a href="https://example.com/?a=1&amp;b=2">here</a>',
      '<https://example.com/?a=1&amp;b=2|here>',
      '[here](https://example.com/?a=1&b=2)',
    ],
    ["<a href='javascript:alert(1)'>here</a>", 'here', 'here'],
    ['<code>a_b `c`</code>', "`a_b 'c'`", "`a_b 'c'`"],
    ['<ul><li>one</li><li>two</li></ul>', '• one\n• two', '• one\n• two'],
    ['one<br/>two<br>three', 'one\ntwo\nthree', 'one\ntwo\nthree'],
    ['<b>never closed', '*never closed*', '**never closed**'],
    ['</b>odd</i>', 'odd', 'odd'],
    [
      '<img src="https://example.com/a.png">',
      '<https://example.com/a.png|https://example.com/a.png>',
      '[https://example.com/a.png](https://example.com/a.png)',
    ],
    ['&#33; &#x21; &bogus; &#9999999;', '! ! &amp;bogus; \uFFFD', '\\! \\! &bogus; \uFFFD'],
    ['2 < 3', '2 &lt; 3', '2 \\< 3'],
  ])('%s', (html, slack, mattermost) => {
    expect(fromHtml(html, SLACK_MARKUP)).toBe(slack);
    expect(fromHtml(html, MATTERMOST_MARKUP)).toBe(mattermost);
  });

  it('takes no longer for a nasty one', () => {
    const before = performance.now();
    fromHtml('<a '.repeat(3_000), SLACK_MARKUP);
    fromHtml('<b>'.repeat(3_000), MATTERMOST_MARKUP);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('what is said in a chat', () => {
  const answer = (notification: Parameters<typeof notificationOf>[0], isPrivate = false) => ({
    notification: notificationOf(notification),
    isPrivate,
  });

  it('has the card of a notification', () => {
    const card: Card = {
      style: 'link',
      id: '1',
      title: 'A & B',
      url: 'https://example.com',
      description: { value: '<b>bold</b>', format: 'html' },
      thumbnail: { url: 'https://example.com/t.png' },
      attributes: [{ label: 'Kind', value: { label: 'Bug', style: 'lozenge-error' } }],
    };
    expect(formOf([answer({ message: 'short', color: 'purple', card })], SLACK_MARKUP)).toEqual({
      response_type: 'in_channel',
      attachments: [
        {
          color: '#7b61c4',
          mrkdwn_in: ['text'],
          fallback: 'short',
          title: 'A &amp; B',
          text: '*bold*',
          title_link: 'https://example.com',
          thumb_url: 'https://example.com/t.png',
          fields: [{ title: 'Kind', value: 'Bug', short: true }],
        },
      ],
    });
  });

  it('is for all as soon as one part of it is', () => {
    expect(formOf([answer('a', true)], SLACK_MARKUP)).toEqual({ response_type: 'ephemeral', text: 'a' });
    expect(formOf([answer('a', true), answer('b')], SLACK_MARKUP)).toMatchObject({
      response_type: 'in_channel',
      attachments: [{ text: 'a' }, { text: 'b' }],
    });
  });
});

it("Slack's references are read as people read them", () => {
  expect(
    readSlackText(
      '<@U1|ada> <@U2> <#C1|lab> <!here> <!subteam^S1|@eng> <https://a.example/?b&amp;c|text> <mailto:a@b.example|x> &lt;@U3&gt;',
      'T1',
    ),
  ).toEqual({
    text: '@ada @U2 #lab @here @eng https://a.example/?b&c a@b.example <@U3>',
    mentions: [
      { identity: 'T1:U1', name: 'ada' },
      { identity: 'T1:U2', name: 'U2' },
    ],
  });
});

it('an id of another chat is always the same number', () => {
  // FNV-1a of 64 bits has these two in its published test vectors; ours are the upper 48.
  expect(numberOf('')).toBe(Number(0xcbf29ce484222325n >> 16n));
  expect(numberOf('foobar')).toBe(Number(0x85944171f73967e8n >> 16n));
});
