import type { SelfTestFacts } from '../../core/checkFacts.ts';
import { reportLines } from '../../core/checkReport.ts';
import { type Check, checksOf, isWell } from '../../core/checks.ts';
import { listed } from '../../core/localFormat.ts';
import { type Speech, type TextKey, text } from '../../core/texts.ts';
import type { SelfTest } from '../../engine/selfTest.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ChecksAction, ChecksView } from '../ipc/checksView.ts';

export interface ChecksSessionDeps {
  readonly selfTest: Pick<SelfTest, 'run'>;
  readonly speech: () => Speech;
  readonly copy: (text: string) => void;
  readonly logger: Logger;
  /** The person's home folder: it is not shown to others. */
  readonly home: string;
  /** What runs here, such as `HipStatus 2.0.0 on linux`: heads what is copied. */
  readonly about: string;
  readonly onView: (view: ChecksView) => void;
  /** The person has closed it. */
  readonly onEnd: () => void;
}

const WORDS = { ok: 'checks.ok', failed: 'checks.bad', unknown: 'checks.unknown' } as const;

/** The self-test in its window, from opening to closing. Knows nothing of windows. */
export class ChecksSession {
  readonly #deps: ChecksSessionDeps;
  readonly #stop = new AbortController();
  /** Null until all was tried once. */
  #facts: SelfTestFacts | null = null;
  #isRunning = false;

  constructor(deps: ChecksSessionDeps) {
    this.#deps = deps;
  }

  view(): ChecksView {
    const speech = this.#deps.speech();
    const checks = this.#checks();
    const failed = checks.filter(({ status }) => status === 'failed').map(({ title }) => title);
    const names = listed(failed, speech);
    const key = this.#isRunning ? 'checks.running' : isWell(checks) ? 'checks.well' : 'checks.failed';
    return {
      language: speech.language,
      title: this.#text('checks.title'),
      message: this.#text(key, { names }),
      isRunning: this.#isRunning,
      lines: checks.map(({ id, title, status, text: words, nextStep }) => ({
        id,
        title,
        status,
        word: this.#text(WORDS[status]),
        text: words,
        nextStep,
      })),
      labels: {
        again: this.#text('checks.again'),
        copy: this.#text('checks.copy'),
        copied: this.#text('checks.copied'),
        close: this.#text('checks.close'),
      },
    };
  }

  /** Resolves when all was tried; while that runs, another ask is the same one. */
  async run(): Promise<void> {
    const { selfTest, logger, onView } = this.#deps;
    if (this.#isRunning || this.#stop.signal.aborted) return;
    this.#isRunning = true;
    onView(this.view());
    try {
      this.#facts = await selfTest.run(this.#stop.signal);
      const failed = this.#checks()
        .filter(({ status }) => status === 'failed')
        .map(({ id }) => id);
      logger.info('Connections checked', { failed: failed.join(' ') });
    } catch {
      // Closed meanwhile.
    } finally {
      this.#isRunning = false;
    }
    if (!this.#stop.signal.aborted) onView(this.view());
  }

  act(action: ChecksAction): void {
    const { copy, home, about, onEnd } = this.#deps;
    switch (action) {
      case 'again':
        void this.run();
        return;
      case 'copy':
        if (this.#facts !== null) {
          const head = `${about}, ${new Date(this.#facts.at).toISOString()}`;
          copy([head, '', ...reportLines(this.#checks(), home, this.#deps.speech()), ''].join('\n'));
        }
        return;
      case 'close':
        this.stop();
        onEnd();
    }
  }

  /** Gives up what is being tried. */
  stop(): void {
    this.#stop.abort();
  }

  #checks(): readonly Check[] {
    return this.#facts === null ? [] : checksOf(this.#facts, this.#deps.speech());
  }

  #text(key: TextKey, marks: Readonly<Record<string, string>> = {}): string {
    return text(key, this.#deps.speech(), marks);
  }
}
