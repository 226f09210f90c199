/** Tells of many elements whether they are in sight or nearly so, with one observer. */
export class Nearness {
  readonly #calls = new Map<Element, (isNear: boolean) => void>();
  readonly #observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) this.#calls.get(target)?.(isIntersecting);
    },
    { rootMargin: '150px 0px' },
  );

  /** The returned function ends it. */
  watch(element: Element, call: (isNear: boolean) => void): () => void {
    this.#calls.set(element, call);
    this.#observer.observe(element);
    return () => {
      this.#calls.delete(element);
      this.#observer.unobserve(element);
    };
  }
}
