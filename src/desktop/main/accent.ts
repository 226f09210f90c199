/** Relative luminance as WCAG 2 defines it, of a channel in 0..255. */
function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/**
 * The system's accent colour as custom properties, with the text colour that reads best on it.
 * @param color `RRGGBB` or `RRGGBBAA`, as `systemPreferences.getAccentColor()` gives it
 * @returns a style sheet; empty when `color` is none
 */
export function accentCss(color: string): string {
  if (!/^[0-9a-f]{6}([0-9a-f]{2})?$/i.test(color)) return '';
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const onWhite = 1.05 / (luminance + 0.05);
  const onBlack = (luminance + 0.05) / 0.05;
  // White is what systems put on their accent; black only where white could not be read.
  const text = onWhite >= 3 || onWhite >= onBlack ? '#fff' : '#000';
  return `:root { --system-accent: #${color.slice(0, 6)}; --system-accent-text: ${text}; }`;
}
