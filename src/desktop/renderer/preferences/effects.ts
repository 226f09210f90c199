import type { Effect } from '../../../core/rules.ts';
import { useWords } from '../ui/speech.tsx';

/** From the strongest to none. */
export const EFFECTS: readonly Effect[] = ['dnd', 'busy', 'away', 'ignore'];

/** As the options of a list. */
export function useEffectOptions<Value extends Effect>(effects: readonly Value[]) {
  const { t } = useWords();
  return effects.map((value) => ({ value, label: t(`preferences.effect.${value}`) }));
}
