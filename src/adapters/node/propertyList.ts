/** The first bytes of Apple's binary property lists. */
const BINARY = 'bplist';

/**
 * A property list in either form, binary or XML, as plain data. Rejects for what is neither.
 * The library is loaded when it is first wanted: most starts meet no property list, and it takes some 20 ms.
 */
export async function parsePropertyList(bytes: Buffer): Promise<unknown> {
  const { parse } = await import('plist');
  return bytes.subarray(0, BINARY.length).toString('latin1') === BINARY
    ? parse(new Uint8Array(bytes))
    : parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
}
