import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ActivityAction } from '../../ipc/activityView.ts';
import type { Bridge } from '../../ipc/contract.ts';
import { useWords } from '../ui/speech.tsx';

interface ExportProps {
  readonly act: (action: ActivityAction) => void;
  readonly bridge: Bridge;
}

type Said = 'copied' | 'saved' | 'notSaved';

/** How long it is said that something was done; milliseconds. */
const SAID_FOR = 4_000;

/** What a help desk gets, with a look at it beforehand. */
export function Export({ act, bridge }: ExportProps): JSX.Element {
  const { t } = useWords();
  const [said, setSaid] = useState<Said | null>(null);
  const [report, setReport] = useState<string | null>(null);

  useEffect(() => {
    if (said === null || said === 'notSaved') return;
    const timer = setTimeout(() => setSaid(null), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);

  const copy = (): void => {
    act({ kind: 'copy' });
    setSaid('copied');
  };
  const save = async (): Promise<void> => {
    setSaid(null);
    const answer = await bridge.activitySave(null);
    if (answer.ok && answer.value === 'cancelled') return;
    setSaid(answer.ok && answer.value === 'saved' ? 'saved' : 'notSaved');
  };
  const look = async (isOpen: boolean): Promise<void> => {
    const answer = isOpen ? await bridge.activityReport(null) : null;
    setReport(answer?.ok === true ? answer.value : null);
  };

  return (
    <section class="export" aria-labelledby="export">
      <div class="row">
        <h2 id="export">{t('activity.export')}</h2>
        <button type="button" onClick={copy}>
          {t('activity.copy')}
        </button>
        <button type="button" onClick={() => void save()}>
          {t('activity.save')}
        </button>
        <span role="status" class={said === 'notSaved' ? 'error small' : 'small'}>
          {said === null ? '' : t(`activity.${said}`)}
        </span>
      </div>
      <details onToggle={(event) => void look(event.currentTarget.open)}>
        <summary>{t('activity.preview')}</summary>
        <p class="soft small">{t('activity.previewHint')}</p>
        {report !== null && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard
          <section class="preview" tabIndex={0} aria-label={t('activity.preview')}>
            <pre class="selectable" dir="ltr" lang="en">
              {report}
            </pre>
          </section>
        )}
      </details>
    </section>
  );
}
