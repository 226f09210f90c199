import type { JSX } from 'preact';
import { MINUTES } from '../../../core/draftKeys.ts';
import type { PreferencesView } from '../../ipc/preferencesView.ts';
import { useWords } from '../ui/speech.tsx';
import { Categories } from './Categories.tsx';
import { ChatDifferences } from './ChatDifferences.tsx';
import { EFFECTS, useEffectOptions } from './effects.ts';
import { CheckField, MinutesField, SelectField } from './fields.tsx';
import { useForm } from './form.tsx';
import { RulesDay } from './RulesDay.tsx';
import { WorkingHoursForm } from './WorkingHoursForm.tsx';

const SHOW_AS = ['busy', 'tentative', 'oof', 'workingElsewhere', 'free', 'unknown'] as const;

/** What counts, and as what: a draft, with the present day as it would be. */
export function Rules({ view }: { readonly view: PreferencesView }): JSX.Element {
  const { t } = useWords();
  const { draft, change } = useForm();
  const effects = useEffectOptions(EFFECTS);
  return (
    <div class="beside">
      <RulesDay />
      <div class="stack">
        <section aria-labelledby="rules-showAs">
          <h2 id="rules-showAs">{t('preferences.rules.showAs')}</h2>
          <p class="soft small">{t('preferences.rules.showAs.hint')}</p>
          <div class="card">
            {SHOW_AS.map((showAs) => (
              <SelectField
                key={showAs}
                path={`showAs.${showAs}`}
                label={t(`preferences.showAs.${showAs}`)}
                hint={showAs === 'oof' ? t('preferences.showAs.oof.hint') : ''}
                value={draft.showAs[showAs]}
                options={effects}
                onChange={(effect) => change({ showAs: { ...draft.showAs, [showAs]: effect } })}
              />
            ))}
          </div>
        </section>
        <Categories />
        <section aria-labelledby="rules-which">
          <h2 id="rules-which">{t('preferences.rules.which')}</h2>
          <div class="card">
            <SelectField
              path="allDay"
              label={t('preferences.rules.allDay')}
              value={draft.allDay}
              options={(['never', 'oof', 'always'] as const).map((value) => ({
                value,
                label: t(`preferences.rules.allDay.${value}`),
              }))}
              onChange={(allDay) => change({ allDay })}
            />
            <CheckField
              path="soloEvents"
              label={t('preferences.rules.soloEvents')}
              hint={t('preferences.rules.soloEvents.hint')}
              checked={draft.soloEvents}
              onChange={(soloEvents) => change({ soloEvents })}
            />
            <CheckField
              path="notResponded"
              label={t('preferences.rules.notResponded')}
              checked={draft.notResponded}
              onChange={(notResponded) => change({ notResponded })}
            />
          </div>
        </section>
        <section aria-labelledby="rules-times">
          <h2 id="rules-times">{t('preferences.rules.times')}</h2>
          <div class="card">
            {MINUTES.map((name) => (
              <MinutesField
                key={name}
                path={name}
                label={t(`preferences.rules.${name}`)}
                hint={t(`preferences.rules.${name}.hint`)}
                value={draft[name]}
                onInput={(value) => change({ [name]: value })}
              />
            ))}
          </div>
        </section>
        <WorkingHoursForm />
        <section aria-labelledby="rules-own">
          <h2 id="rules-own">{t('preferences.rules.own')}</h2>
          <div class="card">
            <SelectField
              path="ownText"
              label={t('preferences.rules.ownText')}
              value={draft.ownText}
              options={(['keep', 'replace'] as const).map((value) => ({
                value,
                label: t(`preferences.rules.ownText.${value}`),
              }))}
              onChange={(ownText) => change({ ownText })}
            />
          </div>
        </section>
        <ChatDifferences chats={view.chats} />
      </div>
    </div>
  );
}
