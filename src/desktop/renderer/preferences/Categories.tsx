import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { CategoryDraft } from '../../../core/draft.ts';
import { useWords } from '../ui/speech.tsx';
import { EFFECTS, useEffectOptions } from './effects.ts';
import { described, FieldError, LockedHint } from './fields.tsx';
import { idOf, useField, useForm } from './form.tsx';

/** What events of a category count as; the first that fits decides. */
export function Categories(): JSX.Element {
  const { t } = useWords();
  const { draft, change } = useForm();
  const list = useField('categories');
  const wish = useRef<string | null>(null);
  const { categories } = draft;

  useLayoutEffect(() => {
    if (wish.current === null) return;
    const found = document.getElementById(wish.current) as HTMLButtonElement | null;
    const isUsable = found !== null && found.disabled !== true;
    const other = wish.current.endsWith('-up')
      ? wish.current.replace(/-up$/, '-down')
      : wish.current.replace(/-down$/, '-up');
    (isUsable ? found : (document.getElementById(other) ?? document.getElementById('add-category')))?.focus();
    wish.current = null;
  }, [categories]);

  const put = (next: readonly CategoryDraft[], focus: string): void => {
    wish.current = focus;
    change({ categories: [...next] });
  };
  const add = () =>
    put(
      [...categories, { name: '', effect: 'dnd', text: null, emoji: null }],
      idOf(`categories.${categories.length}.name`),
    );
  const remove = (place: number) => {
    const next = categories.toSpliced(place, 1);
    const to = Math.min(place, next.length - 1);
    put(next, to < 0 ? 'add-category' : idOf(`categories.${to}.name`));
  };
  const move = (place: number, by: -1 | 1) => {
    const [one, other] = [categories[place], categories[place + by]];
    if (one === undefined || other === undefined) return;
    const way = by === -1 ? 'up' : 'down';
    put(categories.with(place, other).with(place + by, one), `category-${place + by}-${way}`);
  };
  return (
    <section aria-labelledby="rules-categories">
      <h2 id="rules-categories">{t('preferences.categories')}</h2>
      <p class="soft small">{t('preferences.categories.hint')}</p>
      {categories.length > 0 && (
        <ol class="card rows" aria-labelledby="rules-categories">
          {categories.map((category, place) => (
            <li key={place}>
              <CategoryRow
                category={category}
                place={place}
                isLast={place === categories.length - 1}
                onChange={(changed) => change({ categories: categories.with(place, { ...category, ...changed }) })}
                onMove={(by) => move(place, by)}
                onRemove={() => remove(place)}
              />
            </li>
          ))}
        </ol>
      )}
      <div class="row">
        <button id="add-category" type="button" disabled={list.disabled} onClick={add}>
          {t('preferences.categories.add')}
        </button>
        {list.disabled && <LockedHint id="categories-hint" />}
      </div>
      <FieldError field={list} />
    </section>
  );
}

interface CategoryRowProps {
  readonly category: CategoryDraft;
  readonly place: number;
  readonly isLast: boolean;
  readonly onChange: (change: Partial<CategoryDraft>) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

function CategoryRow({ category, place, isLast, onChange, onMove, onRemove }: CategoryRowProps): JSX.Element {
  const { t } = useWords();
  const field = useField(`categories.${place}.name`);
  const effects = useEffectOptions(EFFECTS);
  const called = category.name.trim() || t('preferences.categories.unnamed', { number: String(place + 1) });
  return (
    <>
      <div class="row">
        <input
          id={field.id}
          class="grow"
          aria-label={t('preferences.categories.name', { number: String(place + 1) })}
          placeholder={t('preferences.categories.placeholder')}
          autoComplete="off"
          value={category.name}
          disabled={field.disabled}
          {...described({ ...field, disabled: false })}
          onInput={(event) => onChange({ name: event.currentTarget.value })}
        />
        <select
          aria-label={t('preferences.categories.effect', { name: called })}
          value={category.effect}
          disabled={field.disabled}
          onChange={(event) => {
            const chosen = effects.find(({ value }) => value === event.currentTarget.value);
            if (chosen !== undefined) onChange({ effect: chosen.value });
          }}
        >
          {effects.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <button
          id={`category-${place}-up`}
          type="button"
          class="small-button"
          aria-label={t('preferences.categories.up', { name: called })}
          disabled={field.disabled || place === 0}
          onClick={() => onMove(-1)}
        >
          <span aria-hidden="true">▲</span>
        </button>
        <button
          id={`category-${place}-down`}
          type="button"
          class="small-button"
          aria-label={t('preferences.categories.down', { name: called })}
          disabled={field.disabled || isLast}
          onClick={() => onMove(1)}
        >
          <span aria-hidden="true">▼</span>
        </button>
        <button
          type="button"
          class="small-button"
          aria-label={t('preferences.categories.remove', { name: called })}
          disabled={field.disabled}
          onClick={onRemove}
        >
          <span aria-hidden="true">✕</span>
        </button>
      </div>
      <FieldError field={field} />
    </>
  );
}
