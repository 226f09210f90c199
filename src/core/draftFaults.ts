import { type Draft, mostMinutes, settingsWith } from './draft.ts';
import { type Settings, settingsFault, settingsSchema } from './settings.ts';

/**
 * What is wrong with a field:
 * - `minutes`: a whole number up to `most` is wanted
 * - `time`: a time of day is wanted
 * - `order`: the end comes before the beginning
 * - `name`: something has to stand there
 * - `long`, `many`: more than `most` characters, or entries
 * - `other`: `message` says it
 */
export interface DraftFault {
  /** Dotted path in the draft. */
  readonly path: string;
  readonly code: 'minutes' | 'time' | 'order' | 'name' | 'long' | 'many' | 'other';
  readonly most: number | null;
  readonly message: string;
}

/** Everything that keeps the draft from being saved, by the settings' own schema. */
export function draftFaults(draft: Draft, settings: Settings): readonly DraftFault[] {
  const wanted = settingsWith(draft, settings);
  const parsed = settingsSchema.safeParse(wanted);
  if (parsed.success) return [];
  const message = settingsFault(wanted)?.message ?? '';
  const faults = parsed.error.issues.map((issue): DraftFault => {
    const path = placeOf(issue.path, draft, settings);
    const most = mostMinutes(path);
    if (most !== null) return { path, code: 'minutes', most, message };
    if (issue.code === 'too_big') {
      const code = issue.origin === 'array' ? 'many' : 'long';
      return { path, code, most: Number(issue.maximum), message };
    }
    if (issue.code === 'too_small') return { path, code: 'name', most: null, message };
    const isTime = path.startsWith('workingHours.');
    if (isTime && issue.code === 'custom') return { path: `${path}.to`, code: 'order', most: null, message };
    return { path, code: isTime ? 'time' : 'other', most: null, message };
  });
  // A time that is none comes after no other one either.
  return faults.filter(({ path }, index) => faults.findIndex((one) => one.path === path) === index);
}

/** Where in the draft a value of the settings stands. */
function placeOf(path: readonly PropertyKey[], draft: Draft, { chats }: Settings): string {
  const [top, second, ...rest] = path;
  if (top === 'chats') return ['chats', chats[Number(second)]?.id ?? '', ...rest.map(String)].join('.');
  if (top !== 'rules') return path.map(String).join('.');
  if (second !== 'workingHours' || draft.workingHours === null) return [second, ...rest].map(String).join('.');
  // The stretches that nobody has filled in are not among the settings' ones.
  const [day, index, ...inner] = rest;
  const week: Readonly<Record<string, readonly { from: string; to: string }[]>> = draft.workingHours;
  const filled = (week[String(day)] ?? []).flatMap(({ from, to }, place) => (from !== '' || to !== '' ? [place] : []));
  const place = index === undefined ? [] : [filled[Number(index)] ?? index];
  return ['workingHours', day, ...place, ...inner].map(String).join('.');
}
