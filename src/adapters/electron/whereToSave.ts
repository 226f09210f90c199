import { dialog } from 'electron';

export interface FileToSave {
  /** What the dialog is called. */
  readonly title: string;
  /** The file name that is suggested. */
  readonly name: string;
}

/** Asks the person in the system's own dialog; null when they have thought better of it. */
export async function whereToSave({ title, name }: FileToSave): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({ title, defaultPath: name });
  return canceled || filePath === '' ? null : filePath;
}
