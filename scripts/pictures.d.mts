export interface Picture {
  readonly alt: string;
  /** From the root. */
  readonly file: string;
}
/** Each picture of the documentation, and the screenshot that it is; both without `.png`. */
export const SOURCES: Readonly<Record<string, string>>;
export function picturesOf(page: string): readonly Picture[];
/** What is wrong with the pictures of the pages, one line each. */
export function wrongPictures(): readonly string[];
