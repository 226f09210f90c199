/** The project's top folder. */
export const root: string;
/** Where downloads are kept between runs, outside the work tree. */
export function cacheDir(): string;
