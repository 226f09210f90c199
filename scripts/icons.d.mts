/** The states the tray icon shows; file names start with them. */
export const TRAY_STATES: readonly ['running', 'paused', 'attention'];
/** Pixel sizes of `tray/<state>-<size>.png`. */
export const LINUX_TRAY_SIZES: readonly number[];
/** Pixel sizes inside `tray/<state>.ico`. */
export const WINDOWS_TRAY_SIZES: readonly number[];
/** The folder of the committed results. */
export const GENERATED_DIR: string;

/** Every generated file, rendered in memory: path below assets/generated → bytes. */
export function renderAll(): Map<string, Buffer>;
/** One line for each committed file that is not what its source renders. */
export function findDifferences(): string[];
