// All that one chat may have been through, as far as its engine can know.
import type { ChatCapabilities, Presence } from '../../../../src/core/presence.ts';
import type { Instant } from '../../../../src/core/time.ts';
import { ChatModel } from './chatModel.ts';
import type { DayRules } from './dayRules.ts';
import type { KeptClaim, Sight } from './parts.ts';

/**
 * While every write is answered there is one story, the truth, and the engine has to do what is right in it. A write that was
 * begun and not answered may have landed, or not, or in part, and the person may have set what looks like either: then there is
 * a story for each of these that ends in what was read, and the engine has to do what is right in one of them, and go on in
 * that one: a story in which it did wrong is told no more. A word of the person that looks like neither what was asked nor
 * what was there before is in all of them, and so is one that the engine has seen while no write was open.
 */
export class Stories {
  #all: readonly ChatModel[];

  constructor(rules: DayRules, can: ChatCapabilities, shown: Presence) {
    this.#all = [new ChatModel(rules, can, shown)];
  }

  tell(what: (model: ChatModel) => void): void {
    for (const model of this.#all) what(model);
  }

  /** The engine has read the chat. Guesses about an earlier reading that it has not gone on from are none any more. */
  observed(sight: Sight): void {
    const kept = this.#all.filter(({ isGuess }) => !isGuess);
    this.#all = unique(kept.flatMap((model) => [model, ...model.guesses(sight)]));
    this.tell((model) => void model.observed(sight));
    this.#all = unique(this.#all);
  }

  saved(claim: KeptClaim | null, shown: Presence): void {
    this.tell((model) => void model.saved(claim, shown));
    this.#all = unique(this.#all);
  }

  /**
   * Those stories are told on in which nothing is `wrong`; where none is left: what is wrong in the first.
   * @param shown what is there; null for a look that decides nothing
   */
  hold<T>(wrongIn: (model: ChatModel) => readonly T[], shown: Presence | null): readonly T[] {
    const found = this.#all.map((model) => ({ model, wrong: wrongIn(model) }));
    const right = found.filter(({ wrong }) => wrong.length === 0).map(({ model }) => model);
    if (right.length === 0) return found[0]?.wrong ?? [];
    if (shown === null) return [];
    this.#all = right;
    // What only guesses account for has not been a guess.
    if (right.every(({ isGuess }) => isGuess)) this.tell((model) => void model.believed(shown));
    return [];
  }

  /** What the chat would show without us, in each of them. */
  left = (now: Instant): readonly Presence[] => this.#all.map((model) => model.left(now));
}

function unique(models: readonly ChatModel[]): readonly ChatModel[] {
  if (models.length === 1) return models;
  const keys = models.map(({ key }) => key);
  return models.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}
