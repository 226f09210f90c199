/** Google's `fields` parameter (partial responses): `a,b(c,d),e/f`. Undefined stands for everything below. */
type Mask = Map<string, Mask | undefined>;

function parse(text: string): Mask | undefined {
  let at = 0;
  const list = (): Mask | undefined => {
    const mask: Mask = new Map();
    for (;;) {
      const name = /^[\w*/]+/.exec(text.slice(at))?.[0];
      if (name === undefined) return undefined;
      at += name.length;
      let inner: Mask | undefined;
      if (text[at] === '(') {
        at += 1;
        inner = list();
        if (inner === undefined || text[at] !== ')') return undefined;
        at += 1;
      }
      const [first = '', ...path] = name.split('/');
      mask.set(
        first,
        path.reduceRight<Mask | undefined>((below, part) => new Map([[part, below]]), inner),
      );
      if (text[at] !== ',') return mask;
      at += 1;
    }
  };
  const mask = list();
  return at === text.length ? mask : undefined;
}

function masked(value: unknown, mask: Mask | undefined): unknown {
  if (mask === undefined || mask.has('*')) return value;
  if (Array.isArray(value)) return value.map((inner) => masked(inner, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (mask.has(key) ? [[key, masked(inner, mask.get(key))]] : [])),
  );
}

/** The part of an answer that `fields` asks for; null where it can't be read. */
export function selectFields(value: unknown, fields: string | null): unknown {
  if (fields === null) return value;
  const mask = parse(fields);
  return mask === undefined ? null : masked(value, mask);
}
