/**
 * Calls `deliver` with one thing after the other, in the order they were given. Electron's `send` lets microtasks run, and what
 * they give would be sent first: the page would end with the older one.
 */
export function inOrder<Thing>(deliver: (thing: Thing) => void): (thing: Thing) => void {
  const waiting: Thing[] = [];
  let isDelivering = false;
  return (thing) => {
    waiting.push(thing);
    if (isDelivering) return;
    isDelivering = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) deliver(next);
    } finally {
      isDelivering = false;
    }
  };
}
