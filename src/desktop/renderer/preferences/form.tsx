import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { useWords } from '../ui/speech.tsx';
import type { DraftHandle } from './useDraft.ts';

/** What the fields of Rules and Messages share. */
export interface Form extends DraftHandle {
  readonly locked: readonly string[];
}

export const FormContext = createContext<Form | null>(null);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (form === null) throw new Error('a field outside of a form');
  return form;
}

/** Whether the organisation has set a key, something in it, or the group that it is in. */
export const isLocked = (locked: readonly string[], key: string): boolean =>
  locked.some((path) => path === key || path.startsWith(`${key}.`) || key.startsWith(`${path}.`));

const SAME = /^(?:statusMessage|statusEmoji|oofMessage|oofEmoji|privacy)\b/;

/** The key of the settings that a field of the draft is kept in. */
export function keyOf(path: string): string {
  if (path.startsWith('chats.')) return 'chats';
  return SAME.test(path) ? path : `rules.${path}`.replace(/\.\d+.*$/, '');
}

/** What a field has to know of its place in the form. */
export interface Field {
  readonly id: string;
  readonly disabled: boolean;
  /** What is wrong with it, in words; empty for nothing. */
  readonly error: string;
  readonly errorId: string;
}

/** @param path dotted, in the draft */
export function useField(path: string): Field {
  const { faults, locked } = useForm();
  const { t } = useWords();
  const id = idOf(path);
  const fault = faults.find((one) => one.path === path);
  const error =
    fault === undefined
      ? ''
      : t(`preferences.fault.${fault.code}`, { most: String(fault.most ?? ''), message: fault.message });
  return { id, disabled: isLocked(locked, keyOf(path)), error, errorId: `${id}-error` };
}

export const idOf = (path: string): string => `field-${path.replaceAll('.', '-')}`;

/** Where a field of the draft is to be found. */
export const tabOf = (path: string): 'rules' | 'messages' =>
  /^(?:statusMessage|statusEmoji|oofMessage|oofEmoji|privacy|words)\b|\.words\.|^categories\.\d+\.(?:text|emoji)/.test(
    path,
  )
    ? 'messages'
    : 'rules';
