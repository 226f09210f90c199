/** In screen pixels that follow the display's scale (Electron's "DIP"). */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Between a window and the icon, or the work area's edge. */
const MARGIN = 8;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, high));

/**
 * Where a window goes: under or over the icon it belongs to, whole on its screen; where the desktop does not tell the
 * icon's place (most Linux panels), in the middle of the screen's upper part, as dialogs are.
 */
export function placeWindow(
  size: { readonly width: number; readonly height: number },
  icon: Rectangle,
  workArea: Rectangle,
): { readonly x: number; readonly y: number } {
  const { width, height } = size;
  const right = workArea.x + workArea.width;
  const bottom = workArea.y + workArea.height;
  const isKnown = icon.width > 0 && icon.height > 0;
  const isUpper = icon.y + icon.height / 2 < workArea.y + workArea.height / 2;
  const x = isKnown ? icon.x + icon.width / 2 - width / 2 : workArea.x + (workArea.width - width) / 2;
  const below = icon.y + icon.height + MARGIN;
  const above = icon.y - height - MARGIN;
  const y = isKnown ? (isUpper ? below : above) : workArea.y + (workArea.height - height) / 3;
  return {
    x: Math.round(clamp(x, workArea.x + MARGIN, Math.max(workArea.x + MARGIN, right - width - MARGIN))),
    y: Math.round(clamp(y, workArea.y + MARGIN, Math.max(workArea.y + MARGIN, bottom - height - MARGIN))),
  };
}
