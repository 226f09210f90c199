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

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The place nearest to `at` where a window is whole on its screen; its top left corner where it is too large for that. */
export function keepOnScreen(at: Point, { width, height }: Size, workArea: Rectangle): Point {
  const left = workArea.x + MARGIN;
  const top = workArea.y + MARGIN;
  const right = workArea.x + workArea.width - width - MARGIN;
  const bottom = workArea.y + workArea.height - height - MARGIN;
  return {
    x: Math.round(clamp(at.x, left, Math.max(left, right))),
    y: Math.round(clamp(at.y, top, Math.max(top, bottom))),
  };
}

/**
 * Where a window goes: under or over the icon it belongs to, whole on its screen; where the desktop does not tell the
 * icon's place (most Linux panels), in the middle of the screen's upper part, as dialogs are.
 */
export function placeWindow(size: Size, icon: Rectangle, workArea: Rectangle): Point {
  const isKnown = icon.width > 0 && icon.height > 0;
  const isUpper = icon.y + icon.height / 2 < workArea.y + workArea.height / 2;
  const below = icon.y + icon.height + MARGIN;
  const above = icon.y - size.height - MARGIN;
  const besideIcon = { x: icon.x + icon.width / 2 - size.width / 2, y: isUpper ? below : above };
  const middle = {
    x: workArea.x + (workArea.width - size.width) / 2,
    y: workArea.y + (workArea.height - size.height) / 3,
  };
  return keepOnScreen(isKnown ? besideIcon : middle, size, workArea);
}
