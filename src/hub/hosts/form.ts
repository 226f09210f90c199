import { fromHtml, type Markup } from './html.ts';
import type { HostAnswer } from './message.ts';

// HipChat's notifications in the form that Slack has given messages, and Mattermost has taken over.

/** HipChat's colours; `random` is left to the chat. */
const COLORS: Readonly<Record<string, string>> = {
  yellow: '#f2c744',
  green: '#2eb67d',
  red: '#d93f3f',
  purple: '#7b61c4',
  gray: '#9aa0a6',
};

export interface Attachment {
  readonly color?: string;
  /** What notifications show of it. */
  readonly fallback: string;
  readonly text: string;
  readonly title?: string;
  readonly title_link?: string;
  readonly thumb_url?: string;
  readonly fields?: readonly { readonly title: string; readonly value: string; readonly short: boolean }[];
  /** Which fields have markup. */
  readonly mrkdwn_in?: readonly string[];
}

export interface Form {
  readonly response_type: 'in_channel' | 'ephemeral';
  readonly text?: string;
  readonly attachments?: readonly Attachment[];
}

/** Several answers are one message: for all as soon as one of them is. */
export function formOf(answers: readonly HostAnswer[], markup: Markup): Form {
  const response_type = answers.every(({ isPrivate }) => isPrivate) ? 'ephemeral' : 'in_channel';
  const [first] = answers;
  if (answers.length === 1 && first !== undefined && isPlain(first)) {
    return { response_type, text: textOf(first, markup) };
  }
  return { response_type, attachments: answers.map((answer) => attachmentOf(answer, markup)) };
}

const isPlain = ({ notification: { color, card } }: HostAnswer): boolean => color === undefined && card === undefined;

function textOf({ notification: { message, message_format } }: HostAnswer, markup: Markup): string {
  return message_format === 'text' ? markup.escape(message) : fromHtml(message, markup);
}

function attachmentOf(answer: HostAnswer, markup: Markup): Attachment {
  const { color = 'yellow', card, message, message_format } = answer.notification;
  const text = textOf(answer, markup);
  const fallback = message_format === 'text' ? markup.plain(message) : text;
  const shared = {
    ...(COLORS[color] === undefined ? {} : { color: COLORS[color] }),
    mrkdwn_in: message_format === 'text' ? [] : ['text'],
  };
  if (card === undefined) return { ...shared, fallback, text };
  const { title, url, description, thumbnail, attributes = [] } = card;
  const body = typeof description === 'string' ? { value: description, format: 'text' } : description;
  const described = body?.format === 'html' ? fromHtml(body.value, markup) : markup.escape(body?.value ?? '');
  return {
    ...shared,
    fallback,
    title: markup.escape(title),
    text: described === '' ? text : described,
    ...(url === undefined ? {} : { title_link: url }),
    ...(thumbnail === undefined ? {} : { thumb_url: thumbnail.url }),
    ...(attributes.length === 0
      ? {}
      : {
          fields: attributes.map(({ label = '', value }) => ({
            title: markup.escape(label),
            value: markup.escape(value.label),
            short: true,
          })),
        }),
  };
}
